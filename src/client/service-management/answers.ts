import { textOfBase64 } from '../../front-end/contract/base64.ts'
import type { Deployment as DeploymentAnswer } from '../../front-end/contract/wire/deployment.ts'
import type { HostedService } from '../../front-end/contract/wire/hosted-service.ts'
import { isoSeconds } from '../../kernel/instant.ts'

/** A cloud service as the command line and the portal show it, and as `--json` prints it. */
export interface Service {
  readonly name: string
  readonly label: string
  readonly status: string
  readonly location: string
  readonly created: string
  /** Production first; only where they were asked for. */
  readonly deployments: readonly Deployment[]
}

export type Slot = 'Production' | 'Staging'

export interface Deployment {
  readonly name: string
  readonly slot: Slot
  readonly id: string
  readonly status: string
  readonly label: string
  /** Undefined until the package was read (D-10). */
  readonly url: string | undefined
  readonly vip: string | undefined
  /** Name of the reserved address that the VIP is. */
  readonly reservedAddress: string | undefined
  readonly locked: boolean
  readonly rollbackAllowed: boolean
  /** While an update is active (U-34). */
  readonly upgrade: UpgradeStatus | undefined
  readonly upgradeDomains: number | undefined
  readonly created: string
  readonly modified: string
  /** Version of the SDK with which the package was made. */
  readonly sdk: string
  readonly roles: readonly Role[]
  readonly instances: readonly Instance[]
}

export interface Role {
  readonly name: string
  /** Release of the guest operating system. */
  readonly os: string
}

export interface UpgradeStatus {
  readonly type: 'Auto' | 'Manual' | 'Simultaneous'
  readonly domainState: 'Before' | 'During'
  readonly domain: number
}

export interface Instance {
  readonly name: string
  readonly role: string
  readonly status: string
  /** '' when there is no message (T-6). */
  readonly details: string
  readonly upgradeDomain: number
  readonly faultDomain: number
  readonly size: string
  readonly address: string | undefined
  readonly power: string
  readonly endpoints: readonly Endpoint[]
}

export interface Endpoint {
  readonly name: string
  readonly protocol: string
  readonly vip: string | undefined
  readonly publicPort: number | undefined
  readonly localPort: number
}

export function serviceOf({ serviceName, properties, deployments }: HostedService): Service {
  return {
    name: serviceName,
    label: decoded(properties.label),
    status: properties.status,
    location: properties.location ?? properties.affinityGroup ?? '',
    created: isoSeconds(properties.dateCreated),
    deployments: (deployments ?? []).map(deploymentOf),
  }
}

export function deploymentOf(answer: DeploymentAnswer): Deployment {
  return {
    name: answer.name,
    slot: answer.slot,
    id: answer.privateId,
    status: answer.status,
    label: decoded(answer.label),
    url: answer.url,
    vip: answer.virtualIPs[0]?.address,
    reservedAddress: answer.reservedIPName,
    locked: answer.locked === true,
    rollbackAllowed: answer.rollbackAllowed === true,
    upgrade: answer.upgradeStatus && upgradeOf(answer.upgradeStatus),
    upgradeDomains: answer.upgradeDomainCount,
    created: isoSeconds(answer.createdTime),
    modified: isoSeconds(answer.lastModifiedTime),
    sdk: answer.sdkVersion,
    roles: answer.roles.map(({ roleName, osVersion }) => ({ name: roleName, os: osVersion })),
    instances: answer.roleInstances.map((instance) => ({
      name: instance.instanceName,
      role: instance.roleName,
      status: instance.instanceStatus,
      details: instance.stateDetails,
      upgradeDomain: instance.upgradeDomain,
      faultDomain: instance.faultDomain,
      size: instance.instanceSize,
      address: instance.ipAddress,
      power: instance.powerState,
      endpoints: (instance.endpoints ?? []).map(({ name, protocol, vip, publicPort, localPort }) => ({
        name,
        protocol,
        vip,
        publicPort,
        localPort,
      })),
    })),
  }
}

/** Roles that the world cannot reach: they are in no rotation (L-17). */
export function rolesWithoutEndpoint({ instances }: Deployment): ReadonlySet<string> {
  const reached = new Set(instances.filter(({ endpoints }) => endpoints.some(isPublic)).map(({ role }) => role))
  return new Set(instances.map(({ role }) => role).filter((role) => !reached.has(role)))
}

/** Where a browser finds it: the address by name, of a deployment that has an http endpoint. */
export function webAddress({ url, instances }: Deployment): string | undefined {
  const isWeb = (endpoint: Endpoint) => endpoint.protocol === 'http' && isPublic(endpoint)
  return instances.some(({ endpoints }) => endpoints.some(isWeb)) ? url : undefined
}

function isPublic({ publicPort }: Endpoint): boolean {
  return publicPort !== undefined
}

function upgradeOf(answer: NonNullable<DeploymentAnswer['upgradeStatus']>): UpgradeStatus {
  const { upgradeType, domainState, domain } = answer
  return { type: upgradeType, domainState, domain }
}

/** Labels travel in Base64. */
function decoded(label: string): string {
  return textOfBase64(label) ?? ''
}
