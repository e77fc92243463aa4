import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import type { FabricState } from '../state/state.ts'
import { changeOf, isStop } from './change.ts'

/**
 * Whether an update only adds instances to a suspended deployment: it is no update that a caller can follow or cancel (D-13). In manual mode it is
 * one, since the caller has to walk it.
 */
export function growsAtRest(state: FabricState, deployment: DeploymentRecord, update: UpdateRecord): boolean {
  const { kind, mode, from, target } = update
  if (deployment.wanted !== 'Suspended' || kind !== 'configuration' || mode === 'Manual') return false
  const instances = instancesOf(state, deployment.id)
  return (
    instances.some(({ addedIn }) => addedIn === target) &&
    instances.every(({ role, addedIn }) => addedIn === target || !isStop(changeOf(deployment, role, from, target)))
  )
}
