/**
 * Addresses and names of the network parts that connect a host's guests: all follow from its wire address, `127.b.0.x`, which no other host of the
 * machine has.
 */
export interface GuestNetwork {
  /** The b of all these addresses and names. */
  readonly fabric: number
  /** `10.b.x.0/24`: the guests' addresses. */
  readonly subnet: string
  /** `10.b.0.0/16`: those of all hosts of the fabric. */
  readonly fabricSubnet: string
  /** `10.b.x.0`: the machine itself, as guests of other machines see it; no guest gets it. */
  readonly machine: string
  /** `rdb-vx`: the interface through which packets go to machines on no link of this one. */
  readonly overlay: string
  /** `rdb-x-`: the beginning of the names of the links. */
  readonly links: string
  /** `rdb-`: the same of all hosts of the fabric. */
  readonly fabricLinks: string
  /** `reddog-b-x`: the table of nft, and the directory of the cgroups. */
  readonly name: string
  /** Where the wire servers of this host listen. */
  readonly wireAddress: string
  /** `127.b.0.0/20`: the part of the machine's loopback network where the fabric's own parts and its VIPs stand. */
  readonly publicSubnet: string
  /** First and last VIP. */
  readonly vips: readonly [string, string]
  /** VIPs that others than the fabric's machines reach too, as `FIRST-LAST` or a subnet; where they stand at this machine, guests reach them there. */
  readonly vipRange?: string | undefined
  /** `127.b.0.3`: the fabric's Blob service. */
  readonly blobAddress: string
}

/** The address at which every guest finds its wire server, as in the original (wire-server.md 1.3). */
export const wellKnownAddress = '168.63.129.16'

/** The machine's end of every link: one address that nobody else on a link can have. */
export const machineAddress = '169.254.1.1'

export function guestNetworkOf(wireAddress: string, vipRange?: string): GuestNetwork {
  const [, fabric = '', , host = ''] = wireAddress.split('.')
  return {
    fabric: Number(fabric),
    machine: `10.${fabric}.${host}.0`,
    overlay: `${linksOfFabric(fabric)}vx`,
    subnet: `10.${fabric}.${host}.0/24`,
    fabricSubnet: `10.${fabric}.0.0/16`,
    links: `${linksOfFabric(fabric)}${host}-`,
    fabricLinks: linksOfFabric(fabric),
    name: `${tablesOfFabric(fabric)}${host}`,
    wireAddress,
    publicSubnet: `127.${fabric}.0.0/20`,
    vips: [`127.${fabric}.1.0`, `127.${fabric}.15.255`],
    ...(vipRange !== undefined && { vipRange }),
    blobAddress: blobAddressOf(fabric),
  }
}

/** The address of the machine whose guests have that subnet, as guests see it; undefined when the subnet is none of this fabric's hosts. */
export function machineAddressOf({ fabric }: GuestNetwork, subnet: string): string | undefined {
  const [, machine, number] = new RegExp(`^(10\\.${fabric}\\.(\\d{1,3})\\.0)/24$`).exec(subnet) ?? []
  return Number(number) <= 255 && String(Number(number)) === number ? machine : undefined
}

/**
 * Whether an address that a guest with this address sees at the other end of a connection is a machine's of its fabric: the end of its own
 * link, or the first address of another host's subnet. Rules keep guests, and everybody outside, from having such addresses.
 */
export function isMachine(guest: string, other: string): boolean {
  const [ten, fabric] = guest.split('.')
  const [first, second, , last] = other.split('.')
  return other === machineAddress || (first === ten && second === fabric && last === '0')
}

/** Where the Blob service of a fabric is. `fabric` is the b of its 127.b.0.0/16. */
export function blobAddressOf(fabric: number | string): string {
  return `127.${fabric}.0.3`
}

/** Its port: Azurite's own; the address is the fabric's alone, so it is always free. */
export const blobPort = 10_000

/** The beginning of the names of all links of a fabric. `fabric` is the b of its 127.b.0.0/16. */
export function linksOfFabric(fabric: number | string): string {
  return `rd${fabric}-`
}

/** The beginning of the names of all tables and cgroups on the machine. */
export const tablePrefix = 'reddog-'

/** The same for those of one fabric. */
export function tablesOfFabric(fabric: number | string): string {
  return `${tablePrefix}${fabric}-`
}

/** Name of the link to the guest at that address, at most 15 characters, as the kernel takes them. */
export function linkOf({ links }: GuestNetwork, address: string): string {
  return `${links}${lastNumber(address)}`
}

export function lastNumber(address: string): string {
  return address.slice(address.lastIndexOf('.') + 1)
}
