import { decidedAbout } from '../state/find.ts'
import type { UpdatedDeployment } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'

/** The deployment, at the decided step of its update. Throws when it has no update: nothing happens between a decision and its resolution. */
export function atStep(state: FabricState, id: string): UpdatedDeployment {
  const deployment = decidedAbout(state, id)
  if (!deployment.update) throw new Error(`the deployment ${id} has no update of which a step could be decided`)
  return { ...deployment, update: deployment.update }
}
