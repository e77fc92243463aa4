import type { DeploymentView, InstanceView } from '../../contract/views.ts'
import { asideWords } from '../history/set-aside.ts'
import { statusOf } from '../seen/status.ts'
import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'

/** Why a deployment whose own view throws cannot be shown in full. */
const unreadable =
  'Set aside because of a defect in the fabric: what is stored of it cannot be read. It can be deleted.'

/** The view of a deployment, which says when it is set aside (F-27). When the view itself throws, the part that can be shown. */
export function asideView(
  state: FabricState,
  deployment: DeploymentRecord,
  view: DeploymentView | undefined,
): DeploymentView {
  const words = asideWords(state, deploymentSubject(deployment.id)) ?? (view ? undefined : unreadable)
  const shown = view ?? barelyView(state, deployment)
  if (words === undefined) return shown
  const instances = shown.instances.map((one) => ({ ...one, details: one.details ? `${one.details} ${words}` : words }))
  return { ...shown, instances, warnings: [...shown.warnings, words] }
}

function barelyView(state: FabricState, deployment: DeploymentRecord): DeploymentView {
  const { name, slot, id, label, createdAt, modifiedAt, extendedProperties, vip, wanted } = deployment
  return {
    name,
    slot,
    id,
    status: wanted === 'Deleted' ? 'Deleting' : wanted,
    label,
    deploying: false,
    url: '',
    configuration: '',
    definitionName: '',
    instances: instancesOf(state, id).map((instance) => barelyInstance(state, instance)),
    upgradeDomainCount: 0,
    roles: [],
    sdkVersion: '',
    locked: false,
    rollbackAllowed: false,
    createdAt,
    modifiedAt,
    extendedProperties,
    vip,
    warnings: [],
    timers: state.facts.timers,
  }
}

function barelyInstance(state: FabricState, instance: InstanceRecord): InstanceView {
  const { role, name, upgradeDomain, faultDomain, version, size, address, host, inRotation } = instance
  const shared = {
    role,
    name,
    upgradeDomain,
    faultDomain,
    version,
    size,
    address,
    host,
    inRotation,
    endpoints: [],
    hasSettled: false,
  }
  return { ...shared, ...statusOf(state, instance) }
}
