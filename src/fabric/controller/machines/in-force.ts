import type { Instant } from '../../../kernel/instant.ts'
import type { CertificateMark } from '../state/records/machine.ts'

/**
 * Most certificates of one party of a machine that are in force at a time: the former one while it is replaced, and those whose answer was lost. Older
 * ones are not believed any more. Origin: choice.
 */
const mostOfParty = 4

/** Most of etcd's authority that a machine has at a time; then it gets no more until one has ended. One comes in 20 days, or more when answers are lost. Origin: choice. */
const mostOfEtcd = 100

/**
 * The clock of a master is ahead by so much at most, in milliseconds: a year, as long as its own certificate is valid by it (wrongTime). What is revoked is
 * kept for so long after it has ended, so that it has ended by every clock.
 */
const mostAheadMs = 365 * 86_400_000

/** When a certificate of etcd's authority need not be revoked any more: it has ended, whatever the clock of the master. */
export function surelyEndsAt({ endsAt }: CertificateMark): Instant {
  return endsAt + mostAheadMs
}

/** Whether a machine has had so many certificates of etcd's authority that it gets no more now: no party is believed by the records there, so each is kept until it has ended, and is revoked with the machine. */
export function hasTooMany(known: readonly CertificateMark[], now: Instant): boolean {
  return known.filter((mark) => isEtcds(mark) && mark.endsAt > now).length >= mostOfEtcd
}

function isEtcds({ party }: CertificateMark): boolean {
  return party === 'etcd'
}

/**
 * A machine's certificates once it has new ones: the newest of each party, which are believed by the records alone, whether they have ended or not, for the
 * clock of a master may be wrong; and those of etcd that may not have ended, which are to be revoked with the machine.
 */
export function inForce(
  known: readonly CertificateMark[],
  fresh: readonly CertificateMark[],
  now: Instant,
): readonly CertificateMark[] {
  const all = [...known, ...fresh]
  const isNew = ({ party }: CertificateMark, at: number) =>
    all.slice(at + 1).filter((later) => later.party === party).length < mostOfParty
  return all.filter((mark, at) => isNew(mark, at) || (isEtcds(mark) && surelyEndsAt(mark) > now))
}
