import { firstVersion } from '../state/facts.ts'
import type { Next, Sight } from './next.ts'

/**
 * Takes in which version a party has seen. One that it can only have from another master is told to the controller first, once: after a
 * restore there are hosts that know better, and the epoch is above it when the call goes on.
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
    notes: [{ kind: 'given', party, version }],
    message: { kind: 'seen', party, version },
    goOn,
  }
}
