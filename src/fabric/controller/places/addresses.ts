import { dotted, type HostSubnet, overlap, roomOf } from '../../../host/contract/subnet.ts'
import { isTakenVip } from '../rotation/taken-vips.ts'
import { unknownAddresses } from '../seen/unknown.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'
import { subnetOf, subnetsOf } from './subnets.ts'

/** Of the fabric's 127.b.0.0/16: VIPs, unless it has a range for them, are 127.b.1.1 to 127.b.15.254, DIPs on hosts without a subnet of their own 127.b.16.1 to 127.b.255.254. */
const ranges = { vip: { first: 1, last: 15 }, dip: { first: 16, last: 255 } } as const

/** Addresses of one third octet: .0 and .255 are left alone. */
const perOctet = 254

/** Addresses that are handed out in turn. */
interface Range {
  /** Key under which the start of the next search is noted. */
  readonly name: string
  readonly count: number
  at(number: number): number
}

export interface Addresses {
  /** The next free address of a deployment; undefined when all are in use. */
  takeVip(): string | undefined
  /** The next free address of an instance on that host: one of the host's subnet, if it has one. */
  takeDip(host: HostRecord): string | undefined
  /** Where the next searches begin. */
  cursor(): FabricState['observed']['addressCursor']
}

/** Hands out addresses that are neither in use nor reserved, in turn through each range, so that a released one rests. */
export function addressesOf(state: FabricState): Addresses {
  const cursor: Record<string, number> = { ...state.observed.addressCursor }
  const taken = new Set(unknownAddresses(state))
  const { addresses, reservedAddresses } = state.derived
  let subnets: readonly HostSubnet[] | undefined

  function take({ name, count, at }: Range, isMeant: (address: number) => boolean): string | undefined {
    for (let tried = 0; tried < count; tried++) {
      const number = (cursor[name] ?? 0) % count
      cursor[name] = number + 1
      const address = dotted(at(number))
      if (taken.has(address) || addresses.has(address) || reservedAddresses.has(address)) continue
      if (!isMeant(at(number))) continue
      taken.add(address)
      return address
    }
    return undefined
  }

  return {
    takeVip: () => take(vipRangeOf(state), (address) => !isTakenVip(state, dotted(address))),
    takeDip(host) {
      const own = subnetOf(host)
      if (own)
        return take(
          { name: host.subnet as string, count: roomOf(own), at: (number) => own.first + 1 + number },
          () => true,
        )
      const others = (subnets ??= subnetsOf(state))
      return take(rangeOf(state, 'dip'), (first) => !others.some((subnet) => overlap(subnet, { first, size: 1 })))
    },
    cursor: () => cursor,
  }
}

/** The operator's range, all of it, or that on loopback. */
function vipRangeOf(state: FabricState): Range {
  const own = state.facts.vipRange
  return own ? { name: 'vip', count: own.size, at: (number) => own.first + number } : rangeOf(state, 'vip')
}

function rangeOf(state: FabricState, name: 'vip' | 'dip'): Range {
  const { first, last } = ranges[name]
  const network = (127 * 256 + state.facts.network) * 2 ** 16
  return {
    name,
    count: (last - first + 1) * perOctet,
    at: (number) => network + (first + Math.floor(number / perOctet)) * 256 + 1 + (number % perOctet),
  }
}
