import { isIPv4 } from 'node:net'
import type { Road } from '../../../../host/contract/goal.ts'
import { type GuestNetwork, machineAddressOf } from '../guest-network.ts'
import type { MachineLink } from './machine-links.ts'

/** A road as it is to be laid. */
export interface PlannedRoad {
  /** Of the host at its other end. */
  readonly name: string
  /** `10.b.y.0/24`: the guests there. */
  readonly subnet: string
  /** Where the machine there is reached. */
  readonly address: string
  /** `10.b.y.0`: the machine there, as guests see it. */
  readonly machine: string
  /** The interface that its packets leave by and come from. */
  readonly link: string
  /** Whether they are wrapped, since routers on the way do not know the subnet. */
  readonly wrapped: boolean
  /** Longest packet that fits, in bytes. */
  readonly mtu: number
}

export interface RoadPlan {
  readonly roads: readonly PlannedRoad[]
  /** Why there is none to a machine, in sentences. */
  readonly troubles: readonly string[]
}

/** What VXLAN over IPv4 adds to a packet: Ethernet 14, IP 20, UDP 8, VXLAN 8 bytes (RFC 7348). */
export const wrappingBytes = 50

/** Shortest packets that every link of IPv4 must carry whole (RFC 791), and with 68 bytes nothing would be left for content. */
const leastMtu = 576

/**
 * How the guests of the other machines are reached from the machine with that address: by a plain route where the other is on a link of this
 * machine, else through VXLAN.
 */
export function planRoads(
  network: GuestNetwork,
  address: string | undefined,
  wanted: readonly Road[],
  links: readonly MachineLink[],
): RoadPlan {
  if (wanted.length === 0) return { roads: [], troubles: [] }
  const own = links.find(({ addresses }) => addresses.some((one) => one.address === address))
  if (!own)
    return {
      roads: [],
      troubles: [
        `No link of this machine that is up has the address ${address}, by which the other machines know it, so its guests reach none of theirs. Give a link that address, or join again with another.`,
      ],
    }
  const all = wanted.map((road) => planned(network, road, own, links))
  return {
    roads: all.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    troubles: all.flatMap((one) => (typeof one === 'string' ? [one] : [])),
  }
}

function planned(
  network: GuestNetwork,
  { name, subnet, address }: Road,
  own: MachineLink,
  links: readonly MachineLink[],
): PlannedRoad | string {
  const machine = machineAddressOf(network, subnet)
  if (machine === undefined || machine === network.machine || !isIPv4(address))
    return `The goal names a road to ${name} at ${address}, subnet ${subnet}; these are no machine and subnet of this fabric beside this one's, so it is not laid.`
  if (own.addresses.some((one) => one.address === address))
    return `The machine of ${name} has this machine's own address, ${address}, so there is no road to it. Give each machine an address of its own.`
  const road = { name, subnet, address, machine }
  const near = links.find(({ addresses }) => addresses.some((one) => covers(one, address)))
  if (near) return { ...road, link: near.name, wrapped: false, mtu: near.mtu }
  const mtu = own.mtu - wrappingBytes
  if (mtu < leastMtu)
    return `The link ${own.name} takes packets of ${own.mtu} bytes, too few for a road to ${name}. Raise its MTU.`
  return { ...road, link: network.overlay, wrapped: true, mtu }
}

/** The longest packets that guests may send, so that they pass on every road; undefined: as without roads. */
export function mtuOf(roads: readonly PlannedRoad[]): number | undefined {
  const least = Math.min(...roads.map(({ mtu }) => mtu))
  return least < usualMtu ? least : undefined
}

/** What a link of a guest has when nobody says otherwise: that of Ethernet. */
export const usualMtu = 1_500

function covers({ address, bits }: MachineLink['addresses'][number], other: string): boolean {
  // A link with one address of its own has nobody beside it.
  return bits > 0 && bits < 32 && numberOf(address) >>> (32 - bits) === numberOf(other) >>> (32 - bits)
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
}
