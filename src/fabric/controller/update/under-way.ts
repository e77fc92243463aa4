import type { Instant } from '../../../kernel/instant.ts'
import { noteWarnings } from '../deployment/warnings.ts'
import { noteDeployment } from '../history/events.ts'
import { noteTransitions } from '../seen/transitions.ts'
import { hostsOf } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import type { FabricState } from '../state/state.ts'
import type { Begun } from './begin.ts'
import { notePreparing } from './note-preparing.ts'

/** What follows when an update is stored: hosts get what to prepare and which instances are new, and the events record it. */
export function underWay(
  before: FabricState,
  kept: FabricState,
  { deployment, places }: Begun,
  now: Instant,
): FabricState {
  const { kind, mode, role, domains } = deployment.update
  const what = role === undefined ? 'the whole service' : `the role ${role}`
  const noted = noteDeployment(
    kept,
    now,
    deployment,
    'UpdateBegins',
    `${kind} of ${what}, ${mode}, over ${domains} upgrade domains`,
  )
  const warned = noteWarnings(noted, now, deployment, before.stored.deployment.get(deployment.id))
  const renewed = renewGoals(notePreparing(warned, deployment, now), hostsOf(noted, deployment.id))
  const added = places.instances.map(({ key }) => key)
  return noteTransitions(before, renewed, added, now)
}
