import type { Instant } from '../../../kernel/instant.ts'
import { own } from '../../../kernel/own.ts'
import { planPorts } from '../../../service-model/endpoints.ts'
import type { InstanceView } from '../../contract/views.ts'
import { isProbedOut } from '../rotation/balancers.ts'
import { isPublic } from '../rotation/rotation.ts'
import { statusOf } from '../seen/status.ts'
import { versionOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { hasSettled } from '../update/gate.ts'
import { boundPort } from './bound-port.ts'

/** D-7. */
export function instanceView(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  now: Instant,
): InstanceView {
  const { status, details, errorCode, powerState } = statusOf(state, instance)
  const { role, name, version, upgradeDomain, faultDomain, size, address, host, key } = instance
  const { definition } = versionOf(state, deployment, instance.version).package.model
  // A role without public endpoints is Ready without being in any rotation (L-17).
  const serves = instance.inRotation && isPublic(definition, role) && !state.observed.leaving.has(key)
  return {
    role,
    name,
    status,
    hasSettled: hasSettled(state, instance, now),
    details,
    errorCode,
    upgradeDomain,
    faultDomain,
    version,
    size,
    address,
    endpoints: endpointsOf(state, deployment, instance),
    powerState,
    inRotation: serves && !isProbedOut(state, key),
    host,
  }
}

function endpointsOf(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
): InstanceView['endpoints'] {
  const { definition } = versionOf(state, deployment, instance.version, instance.role).package.model
  const role = definition.roles.find(({ name }) => name === instance.role)
  if (!role) return []
  return planPorts(role, instance.index).map(({ name, kind, protocol, publicPort }) => {
    const id = `${deployment.id}/${role.name}/${name}${kind === 'instanceInput' ? `/${instance.name}` : ''}`
    return {
      name,
      protocol: protocol === 'any' ? 'tcp' : protocol,
      localPort: own(instance.ports, name)?.first ?? 0,
      ...(publicPort !== undefined && { publicPort: boundPort(state, id, publicPort) }),
    }
  })
}
