import type { Instant } from '../../../kernel/instant.ts'
import type { CertificateMark } from '../state/records/machine.ts'

/**
 * Most certificates of one party of a machine that are in force at a time: the former one while it is replaced, and those whose answer was lost. Older
 * ones are not believed any more. Origin: choice.
 */
const mostOfParty = 4

/** Most of etcd's authority that a machine has at a time; then it gets no more until one has ended. One comes in 20 days, or more when answers are lost. Origin: choice. */
const mostOfEtcd = 100

/** Whether a machine has had so many certificates of etcd's authority that it gets no more now: no party is believed by the records there, so each is kept until it has ended, and is revoked with the machine. */
export function hasTooMany(known: readonly CertificateMark[], now: Instant): boolean {
  return known.filter((mark) => isEtcds(mark) && mark.endsAt > now).length >= mostOfEtcd
}

function isEtcds({ party }: CertificateMark): boolean {
  return party === 'etcd'
}

/** A machine's certificates once it has new ones: those that have ended go, and so do the oldest of each party that is believed by the records alone. */
export function inForce(
  known: readonly CertificateMark[],
  fresh: readonly CertificateMark[],
  now: Instant,
): readonly CertificateMark[] {
  const all = [...known, ...fresh].filter(({ endsAt }) => endsAt > now)
  const isNew = ({ party }: CertificateMark, at: number) =>
    all.slice(at + 1).filter((later) => later.party === party).length < mostOfParty
  return all.filter((mark, at) => isEtcds(mark) || isNew(mark, at))
}
