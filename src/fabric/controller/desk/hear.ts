import { firstVersion } from '../state/facts.ts'
import type { Next, Sight } from './next.ts'

/**
 * Takes in which version a party has seen. One that only another master can have sent is first reported to the controller, once: after a restore some
 * hosts know newer versions, and the epoch is above them when the call goes on. When that cannot be stored now, the call goes on without it,
 * and it is reported again with the next call.
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
