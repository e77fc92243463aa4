import { type HostSubnet, overlap, readHostSubnet, roomOf } from '../../../host/contract/subnet.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'

/** The subnet that a host reported; undefined: none, and its instances have addresses of the fabric's own network. */
export function subnetOf({ subnet }: Pick<HostRecord, 'subnet'>): HostSubnet | undefined {
  return subnet === undefined ? undefined : readHostSubnet(subnet)
}

/** How many instances a host has addresses for; undefined: any number. */
export function addressRoom(host: HostRecord): number | undefined {
  const subnet = subnetOf(host)
  return subnet && roomOf(subnet)
}

/** The subnets that hosts have reported. */
export function subnetsOf(state: FabricState): readonly HostSubnet[] {
  return [...state.stored.host.values()].flatMap((host) => subnetOf(host) ?? [])
}

/** Of the fabric's 127.b.0.0/16: 127.b.0.x belongs to its own parts, 127.b.1.1 to 127.b.15.254 are VIPs. No host may have them. */
function reservedSubnet(state: FabricState): string {
  return `127.${state.facts.network}.0.0/20`
}

/**
 * Why a host cannot have the subnet that it reports: addresses of it belong to another host, or to the fabric. Undefined when it can.
 * Addresses that instances of any host have now do not count: they keep them as long as they stay.
 */
export function subnetConflict(
  state: FabricState,
  { name, subnet }: Pick<HostRecord, 'name' | 'subnet'>,
): string | undefined {
  const asked = subnetOf({ subnet })
  if (!asked) return undefined
  const others = [...state.stored.host.values()].filter((host) => host.name !== name)
  const other = others.find((host) => overlaps(asked, host.subnet))
  if (other)
    return `the host ${name} has the subnet ${subnet}, which overlaps ${other.subnet} of the host ${other.name}. Give each host a subnet of its own.`
  const reserved = reservedSubnet(state)
  return overlaps(asked, reserved)
    ? `the host ${name} has the subnet ${subnet}, which overlaps ${reserved}, the fabric's own addresses. Give the host another subnet.`
    : undefined
}

function overlaps(asked: HostSubnet, text: string | undefined): boolean {
  const other = subnetOf({ subnet: text })
  return other !== undefined && overlap(asked, other)
}
