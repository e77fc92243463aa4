import { roadsPort } from '../../../cluster/ports.ts'
import type { GuestNetwork } from '../guest-network.ts'
import type { PlannedRoad } from './road-plan.ts'

/** Lines for `ip -batch`: this machine's address among guests, and routes by these roads; addresses of no machine lead nowhere. */
export function laying({ machine, fabricSubnet, overlay }: GuestNetwork, roads: readonly PlannedRoad[]): string {
  return lines([
    `address replace ${machine}/32 dev lo`,
    `route replace unreachable ${fabricSubnet}`,
    ...roads.flatMap((road) =>
      road.wrapped
        ? [
            `neighbour replace ${road.machine} lladdr ${hardwareAddress(road.machine)} dev ${overlay} nud permanent`,
            `route replace ${road.subnet} via ${road.machine} dev ${overlay} onlink src ${machine}`,
          ]
        : [`route replace ${road.subnet} via ${road.address} dev ${road.link} onlink src ${machine}`],
    ),
  ])
}

/** Lines for `ip -batch` that make the interface through which wrapped packets go, from that address. It learns nothing and asks nobody. */
export function makingOverlay({ overlay, fabric, machine }: GuestNetwork, address: string): string {
  return lines([
    `link add ${overlay} address ${hardwareAddress(machine)} type vxlan id ${fabric} dstport ${roadsPort} local ${address} nolearning`,
  ])
}

/** Lines for `bridge -batch`: where the machines at the ends of wrapped roads are. */
export function forwardingEntries({ overlay }: GuestNetwork, roads: readonly PlannedRoad[]): string {
  return lines(
    roads.flatMap(({ wrapped, machine, address }) =>
      wrapped ? [`fdb replace ${hardwareAddress(machine)} dev ${overlay} dst ${address} self permanent`] : [],
    ),
  )
}

/** Hardware address of a machine's overlay interface: it follows from its address, so nobody need ask for it. Locally administered. */
export function hardwareAddress(machine: string): string {
  const bytes = machine.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))
  return `02:00:${bytes.join(':')}`
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('')
}
