import { type Fault, fine, type Result, refused } from '../../../kernel/fault.ts'
import { publicEndpoints } from '../../../service-model/endpoints.ts'
import { unevenAddresses } from '../belongings/reserved-addresses.ts'
import { standingService } from '../belongings/standing-service.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { statusOf } from '../seen/status.ts'
import { stepWords } from '../servicing/words.ts'
import { deploymentsOf, instancesOf, sameName, versionOf } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { lockFault } from '../update/lock.ts'

/** U-57 to U-62, D-18: slots, VIPs and names change places in one step; instances are not restarted and get no message. */
export function swap(
  state: FabricState,
  { service: name, production, source }: CommandOf<'swap'>,
  { subscriptionId, now }: Request,
): Result<Accepted> {
  const service = standingService(state, subscriptionId, name)
  if (!service.ok) return service
  const deployments = deploymentsOf(state, name.toLowerCase())
  const staged = deployments.find(({ slot }) => slot === 'Staging')
  const live = deployments.find(({ slot }) => slot === 'Production')
  if (!staged) return refused('ResourceNotFound', 'No deployments were found.')
  const both = live ? [live, staged] : [staged]
  const fault =
    wrongNames(live, staged, production, source) ??
    both.map(lockFault).find((one) => one !== undefined) ??
    both.map((one) => restless(state, one)).find((one) => one !== undefined) ??
    (live && (unequal(state, live, staged) ?? unevenAddresses(state, live, staged)))
  if (fault) return { ok: false, fault }
  const moved: readonly DeploymentRecord[] = live
    ? [
        { ...live, slot: 'Staging', vip: staged.vip, modifiedAt: now },
        { ...staged, slot: 'Production', vip: live.vip, modifiedAt: now },
      ]
    : [{ ...staged, slot: 'Production', modifiedAt: now }]
  return fine({
    changes: moved.map((one) => put('deployment', one.id, one)),
    touched: moved.map(({ id }) => deploymentSubject(id)),
    ended: true,
  })
}

/** U-58. */
function wrongNames(
  live: DeploymentRecord | undefined,
  staged: DeploymentRecord,
  production: string | undefined,
  source: string,
): Fault | undefined {
  const fits = live ? production !== undefined && sameName(live.name, production) : !production
  if (fits && sameName(staged.name, source)) return undefined
  const asked = production ? `${production} in production` : 'nothing in production'
  const there = live ? `${live.name} in production` : 'nothing in production'
  return refused(
    'ConflictError',
    `The swap names ${asked} and ${source} in staging, but the slots hold ${there} and ${staged.name} in staging.`,
  ).fault
}

/** U-60: an update, servicing or healing is active, or an instance is not Ready. */
function restless(state: FabricState, deployment: DeploymentRecord): Fault | undefined {
  const refusal = (why: string) =>
    refused(
      'VipSwapNotAllowedAsRollingUpgradeIsInProgress',
      `The virtual addresses cannot be swapped: ${why}. Swap when all role instances of both slots are Ready.`,
    ).fault
  const { update, servicing, name, id } = deployment
  // Its endpoints could not be computed, and would stay at the VIP that is the other's then.
  if (state.observed.thrown.has(deploymentSubject(id))) return refusal(`the deployment ${name} is set aside`)
  if (update) return refusal(`the deployment ${name} has an active ${update.kind}`)
  if (servicing) return refusal(`the deployment ${name} is being serviced (${stepWords(servicing)})`)
  const unready = instancesOf(state, id).find((one) => !one.inRotation)
  return unready && refusal(`the role instance ${unready.name} of ${name} is ${statusOf(state, unready).status}`)
}

/** U-59. */
function unequal(state: FabricState, live: DeploymentRecord, staged: DeploymentRecord): Fault | undefined {
  const [here, there] = [live, staged].map(
    (one) => publicEndpoints(versionOf(state, one, one.current).package.model.definition).length,
  )
  if (here === there) return undefined
  return refused(
    'BadRequest',
    `The virtual addresses cannot be swapped: both slots need the same number of public endpoints, and ${live.name} has ${here}, ${staged.name} ${there}.`,
  ).fault
}
