import type { RestartView, Views } from '../../contract/views.ts'
import { findDeployment } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'

/** Kinds of events in which the fabric restarts a guest. */
const restartKinds: ReadonlySet<string> = new Set(['ToldRestart', 'Healed', 'Moved'])

/** D-21. Null when there is no such deployment. */
export function restartsView(
  state: FabricState,
  { subscriptionId, deployment: reference, from, until }: Views['restarts']['ask'],
): readonly RestartView[] | null {
  const found = findDeployment(state, subscriptionId, reference)
  if (!found.ok) return null
  return [...state.stored.event.values()]
    .filter(
      ({ deployment, kind, at }) =>
        deployment === found.value.id && restartKinds.has(kind) && at >= from && at <= until,
    )
    .sort((a, b) => a.number - b.number)
    .map(({ number, at, subject, reason }) => ({ number, at, role: roleOf(subject), instance: subject, reason }))
}

/** An instance is called `<Role>_IN_<n>`. */
function roleOf(instance: string): string {
  return instance.replace(/_IN_\d+$/, '')
}
