import type { Instant } from '../../../kernel/instant.ts'
import { noteDeployment } from '../history/events.ts'
import { instancesOf } from '../state/find.ts'
import type { UpdatedDeployment } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { preparing } from './prepare.ts'
import { prepareWords } from './words.ts'

/** Records which instances are preparing for the next domain. */
export function notePreparing(state: FabricState, deployment: UpdatedDeployment, now: Instant): FabricState {
  const { update } = deployment
  const names = preparing(deployment, update, instancesOf(state, deployment.id)).map(({ name }) => name)
  if (names.length === 0) return state
  return noteDeployment(state, now, deployment, 'DomainPrepares', prepareWords(update, names))
}
