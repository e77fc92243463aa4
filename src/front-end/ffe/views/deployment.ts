import type { DeploymentView, InstanceView, RoleView } from '../../../fabric/contract/views.ts'
import { base64OfText } from '../../contract/base64.ts'
import type { Deployment, DeploymentRole } from '../../contract/wire/deployment.ts'
import { configurationOf } from '../extension-choice.ts'
import { instanceWord, wordsChanged } from './instance-words.ts'

/** Versions before this one get InputEndpointList (D-12). */
const inputEndpointsMoved = '2012-03-01'

/** Get Deployment in the form of a version (D-6 to D-12). */
export function deploymentOfView(view: DeploymentView, version: string): Deployment {
  const withLocks = version >= wordsChanged
  const common = {
    name: view.name,
    slot: view.slot,
    privateId: view.id,
    label: view.label,
    locked: withLocks ? view.locked : undefined,
    rollbackAllowed: withLocks ? view.rollbackAllowed : undefined,
    createdTime: view.createdAt,
    lastModifiedTime: view.modifiedAt,
    extendedProperties: Object.entries(view.extendedProperties).map(([name, value]) => ({ name, value })),
    loadBalancers: [],
  }
  // D-10: the content of the package is still unknown.
  if (view.deploying)
    return { ...common, status: 'Deploying', sdkVersion: '', roleInstances: [], roles: [], virtualIPs: [] }
  const vipName = nameOfVip(view)
  return {
    ...common,
    status: view.status,
    url: view.url,
    configuration: base64OfText(view.configuration),
    roleInstances: view.instances.map((instance) => roleInstanceOf(instance, view.vip, version)),
    upgradeStatus: upgradeStatusOf(view.upgrade),
    upgradeDomainCount: view.upgradeDomainCount,
    roles: view.roles.map((role) => roleOf(role, view.vip, vipName)),
    inputEndpointList: version < inputEndpointsMoved ? inputEndpointsOf(view) : undefined,
    sdkVersion: view.sdkVersion,
    extensionConfiguration: configurationOf(view.extensions),
    virtualIPs: [virtualIPOf(view, vipName)],
    reservedIPName: view.reservedAddress,
  }
}

function virtualIPOf(
  { vip: address, reservedAddress }: DeploymentView,
  name: string,
): Deployment['virtualIPs'][number] {
  const common = { address, isDnsProgrammed: true, name }
  return reservedAddress === undefined ? common : { ...common, isReserved: true, reservedIPName: reservedAddress }
}

/** U-34; a suspended deployment that only gets instances has none (D-13). */
function upgradeStatusOf(update: DeploymentView['upgrade']): Deployment['upgradeStatus'] {
  return update && !update.atRest
    ? { upgradeType: update.type, domainState: update.domainState, domain: update.domain }
    : undefined
}

/** The names that the original gives to a reserved address, to one with endpoints and to one without (D-6). */
function nameOfVip(view: DeploymentView): string {
  if (view.reservedAddress !== undefined) return view.reservedAddress
  const hasEndpoints = view.roles.some((role) => role.inputEndpoints.length > 0)
  return hasEndpoints ? `${view.definitionName}ContractContract` : '__PseudoBackEndContractVip'
}

function roleInstanceOf(instance: InstanceView, vip: string, version: string): Deployment['roleInstances'][number] {
  const endpoints = instance.endpoints.map(({ name, publicPort, localPort, protocol }) => ({
    name,
    vip: publicPort === undefined ? undefined : vip,
    publicPort,
    localPort,
    protocol,
  }))
  return {
    roleName: instance.role,
    instanceName: instance.name,
    instanceStatus: instanceWord(instance.status, version),
    upgradeDomain: instance.upgradeDomain,
    faultDomain: instance.faultDomain,
    instanceSize: instance.size,
    stateDetails: instance.details,
    errorCode: instance.errorCode,
    ipAddress: instance.address,
    endpoints: endpoints.length > 0 ? endpoints : undefined,
    powerState: instance.powerState,
  }
}

function roleOf(role: RoleView, vip: string, virtualIPName: string): DeploymentRole {
  const inputEndpoints = role.inputEndpoints.map(({ port, protocol }) => ({ port, protocol, vip, virtualIPName }))
  return {
    roleName: role.name,
    osVersion: role.osVersion,
    configurationSets: [
      {
        type: 'NetworkConfiguration',
        inputEndpoints: inputEndpoints.length > 0 ? inputEndpoints : undefined,
        subnetNames: [],
      },
    ],
  }
}

function inputEndpointsOf(view: DeploymentView): Deployment['inputEndpointList'] {
  return view.roles.flatMap((role) =>
    role.inputEndpoints.map(({ port }) => ({ roleName: role.name, vip: view.vip, port })),
  )
}
