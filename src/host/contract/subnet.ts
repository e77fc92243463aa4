/** Addresses of IPv4 that belong together, as numbers. */
export interface Subnet {
  readonly first: number
  /** How many, with the first and the last, which nobody gets. */
  readonly size: number
}

/** Shortest and longest prefix of a host's subnet: from a whole class A to two instances. */
const prefixes = { shortest: 8, longest: 30 } as const

/** Reads `a.b.c.d/p`; undefined when that is no subnet: a number is out of range or spelled oddly, or the address is not its first. */
export function readSubnet(text: string): Subnet | undefined {
  const [address = '', prefixText = '', ...more] = text.split('/')
  const prefix = numberOf(prefixText, prefixes.longest)
  const bytes = address.split('.').map((byte) => numberOf(byte, 255))
  if (more.length > 0 || bytes.length !== 4 || prefix === undefined || prefix < prefixes.shortest) return undefined
  const size = 2 ** (32 - prefix)
  const first = bytes.reduce<number>((sum, byte) => sum * 256 + (byte ?? Number.NaN), 0)
  return first % size === 0 ? { first, size } : undefined
}

/** How many instances can have an address of it. */
export function roomOf({ size }: Subnet): number {
  return size - 2
}

/** Whether some address is in both. */
export function overlap(one: Subnet, other: Subnet): boolean {
  return one.first < other.first + other.size && other.first < one.first + one.size
}

/** An address as it is written: `127.5.16.1`. */
export function dotted(address: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join('.')
}

/** A number from 0 to `most` as one writes it: no sign, and no zeros before it. */
function numberOf(digits: string, most: number): number | undefined {
  const number = Number(digits)
  return String(number) === digits && Number.isInteger(number) && number >= 0 && number <= most ? number : undefined
}
