import type { LocalResource } from '../../../service-model/definition.ts'
import type { GuestConfiguration } from '../guest-configuration.ts'
import type { GuestSpecification, TopologyEndpoint, TopologyInstance } from '../guest-specification.ts'

/** A configuration as the documents have it: on one level, together with values from several places in them. */
export type FlatConfiguration = Omit<GuestConfiguration, 'specification' | 'next'> &
  Omit<GuestSpecification, 'size' | 'localResources' | 'topology'> & {
    readonly nextSoftware?: string | undefined
    readonly nextSoftwareSha256?: string | undefined
    readonly sizeId: string
    readonly cores: number
    readonly memoryMB: number
    readonly diskMB: number
    /** `path`: `<deployment>.<role>.<name>\` */
    readonly localResources: readonly (LocalResource & { readonly path: string })[]
    readonly topology: readonly InstanceInDocument[]
  }

interface InstanceInDocument extends Omit<TopologyInstance, 'endpoints'> {
  readonly upgradeDomainCount: number
  /** `address`: with the port. */
  readonly endpoints: readonly (TopologyEndpoint & { readonly address: string })[]
}

export function flatOf({ specification, next, ...configuration }: GuestConfiguration): FlatConfiguration {
  const { size, topology, localResources, ...rest } = specification
  const { deploymentId, role, upgradeDomainCount } = rest
  return {
    ...configuration,
    ...rest,
    nextSoftware: next?.software,
    nextSoftwareSha256: next?.softwareSha256,
    sizeId: size.id,
    cores: size.cores,
    memoryMB: size.memoryMB,
    diskMB: size.diskMB,
    localResources: localResources.map((one) => ({ ...one, path: `${deploymentId}.${role}.${one.name}\\` })),
    topology: topology.map(({ endpoints, ...instance }) => ({
      ...instance,
      upgradeDomainCount,
      endpoints: endpoints.map((one) => ({ ...one, address: `${instance.address}:${one.port}` })),
    })),
  }
}

export function configurationOf(flat: FlatConfiguration): GuestConfiguration {
  const { goalStateIncarnation, software, softwareSha256, root, keepFormerRoot, ...others } = flat
  const { nextSoftware, nextSoftwareSha256, sizeId: id, cores, memoryMB, diskMB, ...specification } = others
  return {
    goalStateIncarnation,
    software,
    softwareSha256,
    root,
    keepFormerRoot,
    next:
      nextSoftware === undefined || nextSoftwareSha256 === undefined
        ? undefined
        : { software: nextSoftware, softwareSha256: nextSoftwareSha256 },
    specification: {
      ...specification,
      size: { id, cores, memoryMB, diskMB },
      localResources: specification.localResources.map(resourceOf),
      topology: specification.topology.map(instanceOf),
    },
  }
}

function resourceOf({ name, sizeInMB, cleanOnRoleRecycle }: LocalResource): LocalResource {
  return { name, sizeInMB, cleanOnRoleRecycle }
}

function instanceOf({ id, role, address, faultDomain, upgradeDomain, endpoints }: TopologyInstance): TopologyInstance {
  return { id, role, address, faultDomain, upgradeDomain, endpoints: endpoints.map(endpointOf) }
}

function endpointOf(endpoint: TopologyEndpoint): TopologyEndpoint {
  const { name, kind, protocol, port, lastPort, publicAddress, certificateThumbprint } = endpoint
  return { name, kind, protocol, port, lastPort, publicAddress, certificateThumbprint }
}
