import { decidedAbout } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { ServicingRecord } from '../state/records/servicing.ts'
import type { FabricState } from '../state/state.ts'

/** The deployment, at the decided step of servicing. Throws when it is not serviced: nothing happens between a decision and its resolution. */
export function inServicing(
  state: FabricState,
  id: string,
): DeploymentRecord & { readonly servicing: ServicingRecord } {
  const deployment = decidedAbout(state, id)
  if (!deployment.servicing) throw new Error(`the deployment ${id} is not serviced`)
  return { ...deployment, servicing: deployment.servicing }
}
