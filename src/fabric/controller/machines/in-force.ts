import type { Instant } from '../../../kernel/instant.ts'
import type { CertificateMark } from '../state/records/machine.ts'

/**
 * Most certificates of one party of a machine that are in force at a time: the former one while it is replaced, and those whose answer was lost. Older
 * ones are not believed any more. Origin: choice.
 */
const mostOfParty = 4

/** A machine's certificates once it has new ones: those that have ended go, and so do the oldest of each party. */
export function inForce(
  known: readonly CertificateMark[],
  fresh: readonly CertificateMark[],
  now: Instant,
): readonly CertificateMark[] {
  const all = [...known, ...fresh].filter(({ endsAt }) => endsAt > now)
  return all.filter(({ party }, at) => all.slice(at + 1).filter((later) => later.party === party).length < mostOfParty)
}
