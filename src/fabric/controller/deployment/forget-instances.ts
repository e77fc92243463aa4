import type { Instant } from '../../../kernel/instant.ts'
import { dropService } from '../belongings/belongings.ts'
import { awaitingBlame } from '../blame/failing.ts'
import { note } from '../history/events.ts'
import { succeeded } from '../history/operations.ts'
import { awaitingRoom } from '../places/awaiting-room.ts'
import { servicedHost } from '../servicing/serviced-host.ts'
import type { Change } from '../state/change.ts'
import { deploymentsOf } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { drop, keep, put } from '../state/keep.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { ServiceRecord } from '../state/records.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'

/**
 * Drops instances that are gone, and frees what they had. A deleted deployment goes with its last instance, and then a service that waits for that.
 */
export function forgetInstances(state: FabricState, keys: readonly string[], now: Instant): ControllerStep {
  if (keys.length === 0) return { state, touched: [] }
  const records = keys.map((key) => state.stored.instance.get(key)).filter((record) => record !== undefined)
  const { reports, reportNumbers, failing, leaving, readySince, room } = state.observed
  const without = observe(
    keys.reduce((before, key) => keep(before, drop('instance', key)), state),
    {
      reports: reports.deleteAll(keys),
      reportNumbers: reportNumbers.deleteAll(keys),
      failing: failing.deleteAll(keys),
      leaving: leaving.deleteAll(keys),
      readySince: readySince.deleteAll(keys),
      room: room + 1,
    },
  )
  const deployments = [...new Set(records.map(({ deployment }) => deployment))]
  return {
    state: deployments.reduce(
      (before, id) => forgetDeployment(before, id, now),
      renewGoals(
        without,
        records.map(({ host }) => host),
      ),
    ),
    touched: [
      ...deployments.map(deploymentSubject),
      ...awaitingRoom(state),
      ...awaitingBlame(state, without, keys),
      // The host that is being drained may be empty now.
      ...servicedHost(state),
      'pool',
    ],
  }
}

/** Drops a deployment that is to go when no instance is left, and ends the operations that waited for it. */
export function forgetDeployment(state: FabricState, id: string, now: Instant): FabricState {
  const deployment = state.stored.deployment.get(id)
  if (deployment?.wanted !== 'Deleted' || state.derived.instancesOf.has(id)) return state
  const dropped = keep(state, drop('deployment', id), ...ended(state, deployment, now))
  const noted = note(dropped, now, {
    subject: deployment.name,
    kind: 'Deleted',
    reason: 'nothing of the deployment is left',
    service: deployment.service,
  })
  const left = observe(noted, { unmoved: noted.observed.unmoved.delete(id) })
  return forgetService(left, deployment.service, now)
}

function forgetService(state: FabricState, key: string, now: Instant): FabricState {
  const service = state.stored.service.get(key)
  if (!service?.deleting || deploymentsOf(state, key).length > 0) return state
  return keep(state, ...dropService(state, key), ...endedService(state, service, now))
}

function ended(state: FabricState, { waiting }: DeploymentRecord, now: Instant): readonly Change[] {
  return waiting.flatMap(({ operation }) => success(state, operation, now))
}

function endedService(state: FabricState, { deleting }: ServiceRecord, now: Instant): readonly Change[] {
  return deleting === undefined ? [] : success(state, deleting, now)
}

function success(state: FabricState, operation: string, now: Instant): readonly Change[] {
  const record = state.stored.operation.get(operation)
  return record ? [put('operation', operation, succeeded(record, now))] : []
}
