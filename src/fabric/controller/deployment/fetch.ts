import type { Due } from '../due.ts'
import { readyToHold } from '../packages/holders.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'

/** Reads the package that a deployment or its upgrade waits for; again after a restart of the controller (O-6). */
export function fetch(state: FabricState, { id, request, upgrading, wanted }: DeploymentRecord): Due {
  const asked = request ?? (wanted === 'Deleted' ? undefined : upgrading)
  if (!asked) return { actions: [] }
  const reason = `the ${request ? 'deployment' : 'upgrade'} was accepted and its package has not been read yet`
  const to = readyToHold(state)
  return {
    actions: [
      {
        kind: 'fetchPackage',
        key: `fetchPackage ${id}`,
        reason,
        deployment: id,
        url: asked.packageUrl,
        ...(to.length > 0 && { to }),
      },
    ],
  }
}
