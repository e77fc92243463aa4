import { type Fault, refused } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { differences } from '../../../service-model/compare.ts'
import { quotaText } from '../places/quota.ts'
import { instancesOf, versionOf } from '../state/find.ts'
import { knownSize } from '../state/load.ts'
import type { DeploymentRecord, UpdatedDeployment } from '../state/records/deployment.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import type { FabricState } from '../state/state.ts'
import { atDomainZero } from './begin.ts'
import { versionNumbered } from './change.ts'
import { growsAtRest } from './growth-at-rest.ts'
import { isLeft } from './wanted-version.ts'

/**
 * Why an update cannot be rolled back (U-41, U-44, U-45); undefined when it can. Counts never exceed the core quota: instances that are to go keep
 * their cores until the update has ended. Sizes may, if another deployment took the freed cores.
 */
export function rollbackFault(state: FabricState, deployment: DeploymentRecord): Fault | undefined {
  const { update, name } = deployment
  const conflict = (why: string) => refused('ConflictError', why).fault
  if (!update)
    return conflict(
      `No update of the deployment ${name} is active, so nothing can be rolled back. Upgrade to the former version instead.`,
    )
  if (growsAtRest(state, deployment, update))
    return conflict(
      `The deployment ${name} is suspended and gets further role instances, which cannot be rolled back. Change its configuration back instead.`,
    )
  if (update.kind === 'rollback') return conflict(`The deployment ${name} is being rolled back already.`)
  const isOver = !instancesOf(state, deployment.id).some((one) => isLeft(deployment, update, one))
  if (isOver)
    return conflict(
      `The update of the deployment ${name} has reached every role instance, so it cannot be rolled back any more. Upgrade to the former version instead.`,
    )
  const raised = modelDifferences(state, deployment, update).find(({ kind }) => kind === 'localResourceIncrease')
  if (raised) return conflict(`The update of the deployment ${name} cannot be rolled back: ${raised.text}.`)
  const quota = quotaInTheWay(state, deployment, update)
  return quota === undefined
    ? undefined
    : conflict(`The update of the deployment ${name} cannot be rolled back: ${quota}`)
}

/** U-45: what the former sizes of the instances already moved need above the subscription's cores. */
function quotaInTheWay(state: FabricState, deployment: DeploymentRecord, update: UpdateRecord): string | undefined {
  const formerSizes = new Map(
    versionOf(state, deployment, update.from).package.model.definition.roles.map(({ name, vmSize }) => [name, vmSize]),
  )
  const asked = instancesOf(state, deployment.id).reduce((sum, { role, size }) => {
    const former = formerSizes.get(role)
    return former === undefined ? sum : sum + knownSize(former).cores - knownSize(size).cores
  }, 0)
  const limit = state.stored.subscription.get(deployment.subscriptionId)?.maxCores ?? 0
  const current = state.derived.cores.get(deployment.subscriptionId, 0)
  return asked > 0 && current + asked > limit ? quotaText('cores count', limit, current, asked) : undefined
}

/** Whether going back loses local data, so that Force is needed (U-43). */
export function losesLocalData(state: FabricState, deployment: DeploymentRecord, update: UpdateRecord): boolean {
  return modelDifferences(state, deployment, update).some(({ kind }) => kind === 'size')
}

/**
 * The deployment on its way back to the version that all its instances ran; instances not yet moved are not touched (U-43). In automatic mode the
 * domain that the update was in goes back first.
 */
export function rolledBack(
  deployment: DeploymentRecord,
  former: UpdateRecord,
  asked: Pick<UpdateRecord, 'id' | 'mode'>,
  now: Instant,
): UpdatedDeployment {
  const { from, domains } = former
  const isInLater =
    asked.mode === 'Auto' && former.mode !== 'Simultaneous' && former.state === 'During' && former.domain > 0
  const update: UpdateRecord = {
    ...asked,
    kind: 'rollback',
    from,
    target: from,
    domains,
    ...atDomainZero(asked.mode, domains, now),
    ...(isInLater && { first: former.domain }),
    onFailure: 'hold',
  }
  const { label } = versionNumbered(deployment, from)
  return { ...deployment, update, current: from, label, modifiedAt: now }
}

function modelDifferences(state: FabricState, deployment: DeploymentRecord, { from, target }: UpdateRecord) {
  const [before, after] = [from, target].map((number) => versionOf(state, deployment, number).package.model)
  return before && after && before !== after ? differences(before, after) : []
}
