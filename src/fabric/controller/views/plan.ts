import type { Fault, Result } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { differences } from '../../../service-model/compare.ts'
import type { PlanView } from '../../contract/plan.ts'
import type { Views } from '../../contract/views.ts'
import type { StoredPackage } from '../../package-store/package-store.ts'
import { warningsOf } from '../deployment/warnings.ts'
import { findDeployment, instancesOf, versionOf } from '../state/find.ts'
import { apply, put } from '../state/keep.ts'
import type { DeploymentRecord, UpgradeRequest } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { hasNewSystem, isMember, versionNumbered } from '../update/change.ts'
import { upgradeDeployment } from '../update/upgrade-deployment.ts'
import { upgraded } from '../update/upgraded.ts'
import { plannedDomains } from './planned-domains.ts'
import { roleWarnings } from './role-warnings.ts'

type Ask = Views['plan']['ask']

/** The caller is not known yet, and nothing of the request is stored. */
const request = { requestId: 'plan', freshId: '' } as const

/** Why there is no need to read the package: the upgrade would be refused at once. */
export function refusalAtOnce(state: FabricState, ask: Ask, now: Instant): Fault | undefined {
  const { subscriptionId, ...upgrade } = ask
  const considered = upgradeDeployment(
    state,
    { kind: 'upgradeDeployment', ...upgrade },
    { ...request, subscriptionId, now },
  )
  return considered.ok ? undefined : considered.fault
}

/** What an upgrade would do, by the same functions that would do it; touches nothing. */
export function planView(state: FabricState, ask: Ask, fetched: Result<StoredPackage>, now: Instant): PlanView {
  const refusal = refusalAtOnce(state, ask, now)
  const found = findDeployment(state, ask.subscriptionId, ask.deployment)
  if (refusal || !found.ok || !fetched.ok) {
    const fault = refusal ?? (found.ok ? undefined : found.fault) ?? (fetched.ok ? undefined : fetched.fault)
    return { ...nothing(state, ask), refusal: fault }
  }
  const deployment = found.value
  const current = versionOf(state, deployment, deployment.current).package.model
  const compared = differences(current, fetched.value.model).map(({ text }) => text)
  const begun = upgraded(state, deployment, requestOf(ask), fetched.value, now)
  if (!begun.ok) return { ...nothing(state, ask), differences: compared, refusal: begun.fault }
  const next = begun.value.deployment
  const { sha256, model, warnings } = fetched.value
  const planned = apply(state, put('package', sha256, { sha256, model, warnings }))
  return {
    ...nothing(state, ask),
    differences: compared,
    domains: plannedDomains(planned, next),
    added: begun.value.places.instances.map(({ name }) => name),
    removed: removedFrom(planned, next),
    warnings: [
      ...overtaken(deployment),
      ...newSystem(deployment, next),
      ...warningsOf(next),
      ...roleWarnings(planned, next),
    ],
  }
}

/** U-42. */
function overtaken({ update }: DeploymentRecord): readonly string[] {
  if (!update) return []
  return [
    `The ${update.kind} to v${update.target}, which is under way, would be overtaken: walking begins again at domain 0.`,
  ]
}

/** The steps name the role root alone; the guest operating system changes with it (U-50). */
function newSystem(before: DeploymentRecord, after: DeploymentRecord): readonly string[] {
  const changes = hasNewSystem(versionNumbered(before, before.current), versionNumbered(after, after.current))
  return changes ? ['The guest operating system changes too: C: is kept, D: and E: are made anew.'] : []
}

function nothing({ facts }: FabricState, { mode }: Ask): PlanView {
  return { policy: facts.policy, differences: [], mode, domains: [], added: [], removed: [], warnings: [] }
}

function requestOf({ onFailure, ...asked }: Ask): UpgradeRequest {
  return { ...asked, operation: request.requestId, onFailure: onFailure ?? 'hold' }
}

function removedFrom(state: FabricState, deployment: DeploymentRecord): readonly string[] {
  const target = versionNumbered(deployment, deployment.current)
  return instancesOf(state, deployment.id)
    .filter((one) => !isMember(target, one))
    .map(({ name }) => name)
}
