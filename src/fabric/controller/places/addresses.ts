import type { FabricState } from '../state/state.ts'

/** Of the fabric's 127.b.0.0/16: VIPs are 127.b.1.1 to 127.b.15.254, DIPs 127.b.16.1 to 127.b.255.254; 127.b.0.x belongs to the hosts. */
const ranges = { vip: { first: 1, last: 15 }, dip: { first: 16, last: 255 } } as const

/** Addresses of one third octet: .0 and .255 are left alone. */
const perOctet = 254

export interface Addresses {
  /** The next free address; undefined when all are in use. */
  take(kind: 'vip' | 'dip'): string | undefined
  /** Where the next search begins. */
  cursor(): FabricState['observed']['addressCursor']
}

/** Hands out addresses of the fabric's network that nobody has and nobody has reserved, turning through the range so that a released one rests. */
export function addressesOf(state: FabricState): Addresses {
  const cursor = { ...state.observed.addressCursor }
  const taken = new Set<string>()
  return {
    take(kind) {
      const { first, last } = ranges[kind]
      const count = (last - first + 1) * perOctet
      for (let tried = 0; tried < count; tried++) {
        const number = cursor[kind] % count
        cursor[kind] = number + 1
        const address = `127.${state.facts.network}.${first + Math.floor(number / perOctet)}.${1 + (number % perOctet)}`
        const { addresses, reservedAddresses } = state.derived
        if (taken.has(address) || addresses.has(address) || reservedAddresses.has(address)) continue
        taken.add(address)
        return address
      }
      return undefined
    },
    cursor: () => cursor,
  }
}
