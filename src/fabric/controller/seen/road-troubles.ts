import type { Instant } from '../../../kernel/instant.ts'
import { note } from '../history/events.ts'
import { type FabricState, observe } from '../state/state.ts'

/** Notes what is wrong with the roads of a host, when that is news: an operator looks at the events of hosts. */
export function noteRoadTroubles(
  state: FabricState,
  host: string,
  troubles: readonly string[] | undefined,
  now: Instant,
): FabricState {
  if (troubles === undefined) return state
  const known = state.observed.roadTroubles.get(host) ?? []
  const news = troubles.filter((sentence) => !known.includes(sentence))
  const noted = news.reduce((so, reason) => note(so, now, { subject: host, kind: 'RoadTrouble', reason }), state)
  const observed = observe(noted, { roadTroubles: state.observed.roadTroubles.set(host, troubles) })
  return known.length > 0 && troubles.length === 0
    ? note(observed, now, { subject: host, kind: 'RoadsGood', reason: 'nothing is wrong with its roads any more' })
    : observed
}
