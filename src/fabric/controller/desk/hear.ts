import { firstVersion } from '../state/facts.ts'
import type { Next, Sight } from './next.ts'

/**
 * Takes in which version a party has seen. One that it can only have from another master is told to the controller first, once: after a
 * restore there are hosts that know better, and the epoch is above it when the call goes on. When that cannot be stored now, the
 * call goes on as if it had not been said, and it is told again with the next one.
 */
export function hear<Answer>(
  sight: Sight,
  party: string,
  version: number,
  goOn: (sight: Sight) => Next<Answer>,
): Next<Answer> {
  const isNews = version >= firstVersion(sight.state.facts.epoch) && version > sight.desk.given.get(party, 0)
  if (!isNews) return goOn(sight)
  return {
    kind: 'tell',
    message: { kind: 'seen', party, version },
    goOn(now, fault) {
      const next = goOn(now)
      return fault ? next : { ...next, notes: [{ kind: 'given', party, version }, ...(next.notes ?? [])] }
    },
  }
}
