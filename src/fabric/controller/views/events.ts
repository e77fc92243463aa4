import type { EventView, Views } from '../../contract/views.ts'
import { findService } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'

/** Most events of one answer, the oldest first: to get more, ask for those after the last. Origin: choice. */
const eventsOfAnswer = 1_000

export function eventsView(
  state: FabricState,
  { subscriptionId, service, after }: Views['events']['ask'],
): readonly EventView[] {
  const found = service === undefined ? undefined : findService(state, subscriptionId, service)
  if (found?.ok === false) return []
  const key = found?.value.name.toLowerCase()
  return [...state.stored.event.values()]
    .filter((event) => event.service === key && event.number > after)
    .sort((a, b) => a.number - b.number)
    .slice(0, eventsOfAnswer)
    .map(({ number, at, subject, kind, reason }) => ({ number, at, subject, kind, reason }))
}
