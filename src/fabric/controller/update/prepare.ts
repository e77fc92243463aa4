import { own } from '../../../kernel/own.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import type { FabricState } from '../state/state.ts'
import { changeOf, versionNumbered } from './change.ts'
import type { Hindrance } from './gate.ts'
import { isInStep, isLeft } from './wanted-version.ts'
import { listed } from './words.ts'

/**
 * SHA-256 of the package whose role root an instance prepares before it is stopped: in the update's own domain and in the next one, so that unpacking
 * goes on while a domain starts. Undefined when there is nothing to prepare.
 */
export function toPrepare(deployment: DeploymentRecord, instance: InstanceRecord): string | undefined {
  const { update } = deployment
  if (!update || instance.told.run !== 'Started' || instance.going || !isLeft(deployment, update, instance))
    return undefined
  if (!isInStep(update, instance.upgradeDomain) && instance.upgradeDomain !== update.domain + 1) return undefined
  if (changeOf(deployment, instance.role, instance.version, update.target) !== 'package') return undefined
  return own(versionNumbered(deployment, update.target).roots, instance.role)?.packageSha256
}

/** Instances of the next step that are to have a new role root. */
export function preparing(
  deployment: DeploymentRecord,
  update: UpdateRecord,
  instances: readonly InstanceRecord[],
): readonly InstanceRecord[] {
  return instances.filter((one) => isInStep(update, one.upgradeDomain) && toPrepare(deployment, one) !== undefined)
}

/** Those of them that do not have it yet. A lost host prepares nothing, and nobody waits for it. */
export function unprepared(
  state: FabricState,
  deployment: DeploymentRecord,
  update: UpdateRecord,
  instances: readonly InstanceRecord[],
): Hindrance | undefined {
  const { lost, reports } = state.observed
  const late = preparing(deployment, update, instances).filter(
    (one) => !lost.has(one.host) && reports.get(one.key)?.prepared !== toPrepare(deployment, one),
  )
  if (late.length === 0) return undefined
  const fault = late.map((one) => [one.name, reports.get(one.key)?.prepareFault] as const).find(([, why]) => why)
  const waits = `waits for the new role root of ${listed(late.map(({ name }) => name))}`
  return { text: fault ? `${waits}; ${fault[0]} cannot prepare it: ${fault[1]}` : waits }
}
