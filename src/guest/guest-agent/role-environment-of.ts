import type { EnvironmentEndpoint, PeerInstance, RoleEnvironment } from '../../service-model/role-environment.ts'
import { localResourceDirectory, realPath } from '../contract/guest-paths.ts'
import type { GuestSpecification, TopologyEndpoint, TopologyInstance } from '../contract/guest-specification.ts'

/** The role environment of a guest whose drives lie below `root` (role-runtime.md 5). */
export function roleEnvironmentOf(specification: GuestSpecification, root: string): RoleEnvironment {
  const { deploymentId, role, instance, topology, settings } = specification
  const own = topology.find(({ id }) => id === instance)
  const names = [...new Set(topology.map((peer) => peer.role))]
  return {
    deploymentId,
    emulated: false,
    currentInstance: {
      id: instance,
      roleName: role,
      faultDomain: own?.faultDomain ?? 0,
      updateDomain: own?.upgradeDomain ?? 0,
      settings,
      localResources: specification.localResources.map(({ name, sizeInMB }) => ({
        name,
        path: `${realPath(root, localResourceDirectory(specification, name))}/`,
        sizeInMB,
      })),
      endpoints: own ? own.endpoints.map((endpoint) => endpointOf(own, endpoint)) : [],
    },
    roles: names.map((name) => ({ name, instances: topology.filter((peer) => peer.role === name).map(peerOf) })),
  }
}

function peerOf(peer: TopologyInstance): PeerInstance {
  return {
    id: peer.id,
    faultDomain: peer.faultDomain,
    updateDomain: peer.upgradeDomain,
    endpoints: peer.endpoints.filter(({ kind }) => kind === 'internal').map((endpoint) => endpointOf(peer, endpoint)),
  }
}

function endpointOf(
  { address }: TopologyInstance,
  { name, port, protocol, publicAddress }: TopologyEndpoint,
): EnvironmentEndpoint {
  const publicPort =
    publicAddress === undefined ? undefined : Number(publicAddress.slice(publicAddress.lastIndexOf(':') + 1))
  return { name, address, port, protocol, ...(publicPort !== undefined && { publicPort }) }
}
