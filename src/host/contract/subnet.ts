import { readSubnet } from '../../service-model/subnet.ts'

/** The addresses of IPv4 that a host has for its instances, as numbers. */
export interface HostSubnet {
  readonly first: number
  /** How many, including the first and the last, which nobody gets. */
  readonly size: number
}

/** Shortest and longest prefix of a host's subnet: from a whole class A to two instances. */
const prefixes = { shortest: 8, longest: 30 } as const

/** Reads `a.b.c.d/p`; undefined when it is no subnet of IPv4, too large or too small for a host, or the address is not its first. */
export function readHostSubnet(text: string): HostSubnet | undefined {
  const { bytes = [], bits = 0 } = (text.includes(':') ? undefined : readSubnet(text)) ?? {}
  if (bytes.length !== 4 || bits < prefixes.shortest || bits > prefixes.longest || !text.endsWith(`/${bits}`))
    return undefined
  const size = 2 ** (32 - bits)
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return first % size === 0 ? { first, size } : undefined
}

/** How many instances it has addresses for. */
export function roomOf({ size }: HostSubnet): number {
  return size - 2
}

/** Whether some address is in both. */
export function overlap(one: HostSubnet, other: HostSubnet): boolean {
  return one.first < other.first + other.size && other.first < one.first + one.size
}

/** An address as it is written: `127.5.16.1`. */
export function dotted(address: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join('.')
}
