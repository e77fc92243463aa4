import type { Due } from '../decide.ts'
import type { DeploymentRecord } from '../records.ts'
import type { FabricState } from '../state.ts'

/** A deployment whose package has not been read: read it, again after a restart of the controller (O-6). */
export function fetch(_state: FabricState, { id, request }: DeploymentRecord): Due {
  if (!request) return { actions: [] }
  const reason = 'the deployment was accepted and its package has not been read yet'
  return {
    actions: [{ kind: 'fetchPackage', key: `fetchPackage ${id}`, reason, deployment: id, url: request.packageUrl }],
  }
}
