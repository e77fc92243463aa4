import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { servicedHost } from '../servicing/serviced-host.ts'
import { findDeployment, instancesOf } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { lockFault, supersede } from '../update/lock.ts'

/** U-63: all instances stop or start together; asking for the present status succeeds (D-14). */
export function updateDeploymentStatus(
  state: FabricState,
  command: CommandOf<'updateDeploymentStatus'>,
  { requestId, subscriptionId, now }: Request,
): Result<Accepted> {
  const found = findDeployment(state, subscriptionId, command.deployment)
  if (!found.ok) return found
  const deployment = found.value
  const locked = lockFault(deployment)
  if (locked) return { ok: false, fault: locked }
  if (deployment.wanted === 'Deleted')
    return refused('ConflictError', `The deployment ${deployment.name} is being deleted.`)
  if (deployment.wanted === command.status) return fine({ changes: [], touched: [], ended: true })
  // An update goes on, with or without running instances (U-65): only an older change of status is overtaken.
  const { update = [], others = [] } = Object.groupBy(deployment.waiting, ({ until }) =>
    until === 'updated' || until === 'walked' ? 'update' : 'others',
  )
  const record: DeploymentRecord = {
    ...deployment,
    wanted: command.status,
    waiting: [...update, { operation: requestId, until: command.status === 'Running' ? 'running' : 'suspended' }],
    modifiedAt: now,
    ...(command.status === 'Running' && { resumedAt: now }),
  }
  return fine({
    changes: [...supersede(state, { waiting: others }, requestId, now), put('deployment', record.id, record)],
    instances: command.status === 'Running' ? instancesOf(state, record.id).flatMap(unready) : [],
    // Resumed instances may have to start elsewhere, if their host was drained long ago.
    touched: [deploymentSubject(record.id), ...servicedHost(state)],
    ended: false,
  })
}

/** After a resumption every instance has to be Ready once, for whatever reason it was stopped; one that never stopped already is (T-9). */
function unready(instance: InstanceRecord): readonly InstanceRecord[] {
  return instance.readyOnce && !instance.inRotation ? [{ ...instance, readyOnce: false }] : []
}
