/** The addresses that begin with the first `bits` bits of these bytes: 4 of IPv4, 16 of IPv6. */
export interface Subnet {
  readonly bytes: readonly number[]
  readonly bits: number
}

/** An IPv4 address may travel as one of IPv6: `::ffff:10.0.0.1` (RFC 4291, 2.5.5.2). Both are the same client. */
const mappedPrefix: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
const mappedBits = 8 * mappedPrefix.length

/** `10.0.0.0/8` or `2001:db8::/32`; undefined when it is no subnet. Bits behind the prefix do not matter. */
export function readSubnet(text: string): Subnet | undefined {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const written = bytesOf(address)
  const bits = Number(length)
  if (!written || bits > 8 * written.length) return undefined
  const bytes = withoutMapping(written)
  if (bytes === written) return { bytes, bits }
  // A shorter prefix of the mapped form reaches beyond IPv4: it then means IPv6 addresses.
  return bits >= mappedBits ? { bytes, bits: bits - mappedBits } : { bytes: written, bits }
}

/** The bytes of an IPv4 or IPv6 address as the system writes it, with its zone or without; undefined when it is none. */
export function readAddress(text: string): readonly number[] | undefined {
  const zone = text.indexOf('%')
  const bytes = bytesOf(zone < 0 ? text : text.slice(0, zone))
  return bytes && withoutMapping(bytes)
}

/** Whether the address is one of the subnet's. */
export function isWithin(address: readonly number[], { bytes, bits }: Subnet): boolean {
  if (address.length !== bytes.length) return false
  const whole = bits >> 3
  for (let index = 0; index < whole; index++) if (address[index] !== bytes[index]) return false
  const rest = 8 - (bits & 7)
  return rest === 8 || (address[whole] as number) >> rest === (bytes[whole] as number) >> rest
}

function withoutMapping(bytes: readonly number[]): readonly number[] {
  const mapped = bytes.length === 16 && mappedPrefix.every((byte, index) => bytes[index] === byte)
  return mapped ? bytes.slice(mappedPrefix.length) : bytes
}

function bytesOf(text: string): readonly number[] | undefined {
  return text.includes(':') ? bytesOfIPv6(text) : bytesOfIPv4(text)
}

/** Four decimal numbers without leading zeros, which some read as octal. */
function bytesOfIPv4(text: string): readonly number[] | undefined {
  if (!/^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/.test(text)) return undefined
  const bytes = text.split('.').map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

/** The text forms of RFC 4291, 2.2: eight groups, `::` for one or more of zero, the last two perhaps as IPv4. */
function bytesOfIPv6(text: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return undefined
  const before = bytesOfGroups(head, tail === undefined)
  const after = tail === undefined ? [] : bytesOfGroups(tail, true)
  if (!before || !after) return undefined
  const zeros = 16 - before.length - after.length
  if (tail === undefined ? zeros !== 0 : zeros < 2) return undefined
  return [...before, ...Array<number>(zeros).fill(0), ...after]
}

/** Groups between colons; `mayEndAsIPv4`: the last of the address are among them. */
function bytesOfGroups(text: string, mayEndAsIPv4: boolean): readonly number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (group.includes('.')) {
      const last = mayEndAsIPv4 && index === groups.length - 1 ? bytesOfIPv4(group) : undefined
      if (!last) return undefined
      bytes.push(...last)
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    } else return undefined
  }
  return bytes.length <= 16 ? bytes : undefined
}
