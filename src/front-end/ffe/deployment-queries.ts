import type { DeploymentView, RestartView } from '../../fabric/contract/views.ts'
import type { Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { deploymentDocument } from '../contract/wire/deployment.ts'
import { deploymentEventsDocument } from '../contract/wire/deployment-events.ts'
import { planDocument } from '../contract/wire/plan.ts'
import { progressDocument } from '../contract/wire/progress.ts'
import { type Call, deploymentOf } from './call.ts'
import { continuationHeader, pageOf } from './page.ts'
import { periodOf } from './period.ts'
import { type Query, reply, type Sources } from './query.ts'
import { existingService } from './service-queries.ts'
import { upgradeGiven } from './update-commands.ts'
import { deploymentOfView } from './views/deployment.ts'
import { progressOfView } from './views/progress.ts'

/** D-6 to D-12. */
export const getDeployment: Query = async (call, sources) => {
  const found = await existingDeployment(call, sources)
  return found.ok ? reply(deploymentDocument, deploymentOfView(found.value, call.version)) : found
}

/** Section 16. */
export const getProgress: Query = async (call, sources) => {
  const found = await existingDeployment(call, sources)
  return found.ok ? reply(progressDocument, progressOfView(found.value)) : found
}

/** D-21, R-31. */
export const listDeploymentEvents: Query = async (call, sources) => {
  const period = periodOf(call)
  if (!period.ok) return period
  const found = await existingDeployment(call, sources)
  if (!found.ok) return found
  const ask = { subscriptionId: call.subscriptionId, deployment: deploymentOf(call), ...period.value }
  const restarts = await sources.fabric.view('restarts', ask)
  if (!restarts.ok) return restarts
  const page = pageOf(restarts.value ?? [], eventKey, call, /^\d{15}$/)
  if (!page.ok) return page
  const rebootEvents = page.value.items.map(({ at, role, instance, reason }) => ({
    roleName: role,
    instanceName: instance,
    rebootReason: reason,
    rebootStartTime: at,
  }))
  const { next } = page.value
  return reply(deploymentEventsDocument, { rebootEvents }, next === undefined ? {} : { [continuationHeader]: next })
}

/** Digits enough that keys sort as numbers do. */
function eventKey({ number }: RestartView): string {
  return String(number).padStart(15, '0')
}

/** Section 16: what an upgrade would do. A refusal is part of the answer. */
export const planUpgrade: Query = async (call, sources) => {
  const found = await existingDeployment(call, sources)
  if (!found.ok) return found
  const upgrade = upgradeGiven(call)
  if (!upgrade.ok) return upgrade
  const plan = await sources.fabric.view('plan', { subscriptionId: call.subscriptionId, ...upgrade.value })
  return plan.ok ? reply(planDocument, plan.value) : plan
}

/** The deployment that the path names (D-1). */
async function existingDeployment(call: Call, sources: Sources): Promise<Result<DeploymentView>> {
  const service = await existingService(call, sources)
  if (!service.ok) return service
  const asked = deploymentOf(call)
  const found = service.value.deployments.find((deployment) =>
    'slot' in asked ? deployment.slot === asked.slot : deployment.name.toLowerCase() === asked.name.toLowerCase(),
  )
  return found ? { ok: true, value: found } : refusals.noDeployment()
}
