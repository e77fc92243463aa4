import { type Result, refused } from '../../../kernel/fault.ts'
import type { DeploymentReference } from '../../contract/commands.ts'
import { findDeployment } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { lockFault } from './lock.ts'

/** A deployment that a request may change now: it exists, is not locked (O-8), and is not being deleted. */
export function findChangeable(
  state: FabricState,
  subscriptionId: string,
  reference: DeploymentReference,
): Result<DeploymentRecord> {
  const found = findDeployment(state, subscriptionId, reference)
  if (!found.ok) return found
  const locked = lockFault(found.value)
  if (locked) return { ok: false, fault: locked }
  if (found.value.wanted === 'Deleted')
    return refused('ConflictError', `The deployment ${found.value.name} is being deleted.`)
  return found
}
