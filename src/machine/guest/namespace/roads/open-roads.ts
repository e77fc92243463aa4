import type { ProcessIdentity } from '../../../process.ts'
import type { GuestDriver } from '../../driver.ts'
import type { GuestNetwork } from '../guest-network.ts'
import { groundOfRoads, layRoads } from './lay-roads.ts'
import { limitPackets } from './limit-packets.ts'
import { mtuOf, type PlannedRoad, usualMtu } from './road-plan.ts'

/** The roads of one host, and the guests that are to send no longer packets than fit. */
export interface OpenRoads extends Pick<GuestDriver, 'layRoads' | 'groundOfRoads'> {
  /** To be called before a guest is given its link, with what its MTU is to be; undefined: as any link's. */
  starting(address: string, process: ProcessIdentity): number | undefined
  ended(address: string): void
}

export function openRoads(network: GuestNetwork): OpenRoads {
  /** Guests that this run of the Host Agent has started: roads that are laid meanwhile find them here. */
  const started = new Map<string, ProcessIdentity>()
  let laid: readonly PlannedRoad[] = []
  return {
    async layRoads(wanted) {
      const { roads, troubles } = await layRoads(network, wanted)
      if (roads.length === 0 && wanted.roads.length > 0) return troubles
      laid = roads
      const own = [...started].map(([address, process]) => ({ address, process }))
      await limitPackets(network, [...wanted.guests, ...own], mtuOf(laid) ?? usualMtu)
      return troubles
    },
    groundOfRoads: () => groundOfRoads(network, laid),
    starting(address, process) {
      started.set(address, process)
      return mtuOf(laid)
    },
    ended: (address) => void started.delete(address),
  }
}
