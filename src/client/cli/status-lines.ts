import {
  type Deployment,
  type Instance,
  rolesWithoutEndpoint,
  type Service,
  webAddress,
} from '../service-management/answers.ts'
import type { ServiceManagement } from '../service-management/service-management.ts'
import type { Progress } from '../service-management/updates.ts'
import { table } from './table.ts'
import { walkLines } from './walk-lines.ts'

/** What `status` shows. */
export interface Found {
  readonly services: readonly FoundService[]
  readonly hosts: Awaited<ReturnType<ServiceManagement['hosts']>>
}

export interface FoundService extends Service {
  readonly deployments: readonly FoundDeployment[]
}

/** `progress`: while an update is active. */
export interface FoundDeployment extends Deployment {
  /** Warnings for its owner: about its package, its configuration, and its place. */
  readonly warnings: readonly string[]
  readonly progress?: Progress | undefined
}

/** Each deployment with its instances, or with its update domain by domain while one is active; then the hosts. */
export function statusLines({ services, hosts }: Found): readonly string[] {
  if (services.length === 0 && hosts.length === 0) return ['There is nothing here yet.']
  const hostRows = hosts.map(({ name, state, cores, freeCores, faultDomain, instances }) => [
    name,
    state,
    `${freeCores} of ${cores}`,
    String(faultDomain),
    String(instances.length),
  ])
  return [
    ...services.flatMap(serviceLines),
    ...(hosts.length === 0 ? [] : table([['HOST', 'STATE', 'CORES FREE', 'FD', 'INSTANCES'], ...hostRows])),
    ...brakeLines(hosts),
  ]
}

/** Why lost hosts are not healed, once (H-39). */
function brakeLines(hosts: Found['hosts']): readonly string[] {
  return [...new Set(hosts.filter(({ state }) => state === 'Lost').flatMap(({ waitsFor }) => waitsFor))]
}

function serviceLines({ name, deployments }: FoundService): readonly string[] {
  if (deployments.length === 0) return [`${name}: both slots are empty`, '']
  return deployments.flatMap((deployment) => [...deploymentLines(name, deployment), ''])
}

function deploymentLines(service: string, deployment: FoundDeployment): readonly string[] {
  const { slot, status, label, name, id, vip, reservedAddress, instances, progress, warnings } = deployment
  const address = webAddress(deployment)
  const kept = reservedAddress === undefined ? '' : `  reserved as ${reservedAddress}`
  const heading = ['INSTANCE', 'STATUS', 'UD', 'FD', 'SIZE', 'ADDRESS', 'PUBLIC', 'DETAILS']
  const facts = [
    ['  label', `"${label}"`],
    ['  deployment name', name],
    ['  deployment ID', id],
    ...(address === undefined ? [] : [['  address', address]]),
    ...(vip === undefined ? [] : [['  VIP', `${vip}${kept}`]]),
  ]
  return [
    `${service} ${slot}: ${status}`,
    ...table(facts),
    ...(progress?.update
      ? walkLines(progress, rolesWithoutEndpoint(deployment))
      : table([heading, ...instances.map(instanceRow)]).map((line) => `  ${line}`)),
    ...warnings.map((warning) => `  warning: ${warning}`),
  ]
}

function instanceRow(instance: Instance): readonly string[] {
  const { name, status, upgradeDomain, faultDomain, size, address, endpoints, details } = instance
  const ports = endpoints.filter(({ publicPort }) => publicPort !== undefined)
  return [
    name,
    status,
    String(upgradeDomain),
    String(faultDomain),
    size,
    address ?? '',
    ports.map(({ protocol, publicPort }) => `${protocol}:${publicPort}`).join(' '),
    details,
  ]
}
