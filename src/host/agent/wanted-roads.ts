import { isWithin, readAddress, readSubnet } from '../../service-model/subnet.ts'
import type { HostState, WantedRoads } from './state.ts'

/** The roads that the goal wants; undefined: this machine is alone, or its guests have no networks of their own that others could reach. */
export function wantedRoads({ configuration, goal }: HostState): WantedRoads | undefined {
  const { facts, ownNetworks } = configuration
  if (!ownNetworks || facts.address === undefined) return undefined
  const own = facts.subnet === undefined ? undefined : readSubnet(facts.subnet)
  const isElsewhere = (address: string) => {
    const bytes = readAddress(address)
    return bytes !== undefined && own !== undefined && !isWithin(bytes, own)
  }
  const peers = new Map(
    goal.instances.flatMap(({ guest: { deploymentId, topology } }) =>
      topology.flatMap(({ address, role }) =>
        isElsewhere(address) ? [[address, { deploymentId, role }] as const] : [],
      ),
    ),
  )
  return {
    address: facts.address,
    roads: goal.roads ?? [],
    peers: [...peers].sort(([one], [other]) => (one < other ? -1 : 1)).map(([address, owner]) => ({ address, owner })),
  }
}

/** The guests whose links may have to change for the roads. */
export function runningGuests({ containers }: HostState) {
  return [...containers.values()].flatMap(({ record: { process, served } }) => {
    const address = served?.guest.topology[0]?.address
    return process && address !== undefined ? [{ address, process }] : []
  })
}
