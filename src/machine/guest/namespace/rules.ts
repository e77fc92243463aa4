import type { Owner } from '../../../guest/contract/guest-paths.ts'
import type { OpenPorts } from '../../../guest/contract/open-ports.ts'
import { blobPort, type GuestNetwork, lastNumber, linkOf, wellKnownAddress } from './guest-network.ts'
import { markOf } from './marks.ts'

/** A guest as the rules know it. */
export interface Admitted {
  readonly address: string
  /** Port of its wire server on the machine. */
  readonly wirePort: number
}

/** A guest as the rules open it. */
export interface Opened {
  readonly address: string
  readonly owner: Owner
  readonly open: readonly OpenPorts[]
}

/** The port of agents' host plugin, on the machine as in the guest. */
const hostPluginPort = 32_526

/**
 * The table of a host, for `nft -f`; made again it keeps the guests that it has. All rules speak of this host's own addresses and links, so that
 * neither Docker's rules nor another fabric's are touched. A guest speaks by its own address alone, reaches of the
 * machine its wire server and what `reachable` adds, and goes out under the machine's address; from outside of the machine nobody reaches it, from
 * inside at its open ports alone the machine, and the roles of its deployment that may.
 */
export function tableRules({ name, subnet, links, fabricLinks, wireAddress }: GuestNetwork): string {
  const [ours, fabric] = [`"${links}*"`, `"${fabricLinks}*"`]
  return lines([
    `add table ip ${name}`,
    ...Object.entries(maps).map(([map, key]) => `add map ip ${name} ${map} { type ${key} : verdict; }`),
    ...Object.keys(meters).map((set) => `add set ip ${name} ${set} { type ifname; flags dynamic; size 256; }`),
    ...Object.entries(chains).map(([chain, hook]) => `add chain ip ${name} ${chain} { type ${hook}; policy accept; }`),
    `add chain ip ${name} reaching`,
    `add chain ip ${name} calling`,
    ...Object.keys(chains).map((chain) => `flush chain ip ${name} ${chain}`),
    `add rule ip ${name} arriving iifname vmap @senders`,
    `add rule ip ${name} arriving iifname ${ours} drop`,
    ...Object.entries(meters).map(
      ([set, limit]) =>
        `add rule ip ${name} limiting iifname ${ours} ct state new add @${set} { iifname ${limit} } drop`,
    ),
    `add rule ip ${name} wire-server ip daddr ${wellKnownAddress} tcp dport 80 iifname vmap @askers`,
    `add rule ip ${name} wire-server iifname ${ours} ip daddr ${wellKnownAddress} tcp dport ${hostPluginPort} dnat to ${wireAddress}:${hostPluginPort}`,
    `add rule ip ${name} entering iifname ${ours} ct state established,related accept`,
    `add rule ip ${name} entering iifname ${ours} ct status dnat accept`,
    `add rule ip ${name} entering iifname ${ours} jump reaching`,
    `add rule ip ${name} entering iifname ${ours} icmp type echo-request accept`,
    `add rule ip ${name} entering iifname ${ours} reject`,
    `add rule ip ${name} passing iifname ${ours} ip daddr ${linkLocal} reject`,
    `add rule ip ${name} passing oifname ${ours} ct state established,related accept`,
    `add rule ip ${name} passing oifname ${ours} jump calling`,
    `add rule ip ${name} passing oifname ${ours} iifname != ${fabric} drop`,
    `add rule ip ${name} passing oifname ${ours} ip daddr vmap @calls`,
    `add rule ip ${name} telling oifname ${ours} ct state established,related accept`,
    `add rule ip ${name} telling oifname ${ours} ip daddr vmap @receivers`,
    `add rule ip ${name} leaving ip saddr ${subnet} oifname != ${fabric} masquerade`,
  ])
}

/**
 * What guests reach of the machine besides, for `nft -f`: VIPs and the Blob service. A socket that listens on all addresses of the machine is
 * reachable there too, but not for guests.
 */
export function reachable({ name, vips, vipRange, blobAddress }: GuestNetwork): string {
  return lines([
    `add chain ip ${name} reaching`,
    `flush chain ip ${name} reaching`,
    ...[vips.join('-'), vipRange].flatMap((range) =>
      range === undefined ? [] : [`add rule ip ${name} reaching ip daddr ${range} socket wildcard 0 accept`],
    ),
    `add rule ip ${name} reaching ip daddr ${blobAddress} tcp dport ${blobPort} socket wildcard 0 accept`,
  ])
}

/** What lets a guest in besides its openings, for `nft -f`; again with other values it replaces the former. */
export function admission(network: GuestNetwork, { address, wirePort }: Admitted): string {
  const { name, wireAddress } = network
  const link = linkOf(network, address)
  const number = lastNumber(address)
  return lines([
    `add chain ip ${name} sender-${number}`,
    `add chain ip ${name} asker-${number}`,
    `flush chain ip ${name} asker-${number}`,
    `add rule ip ${name} asker-${number} tcp dport 80 dnat to ${wireAddress}:${wirePort}`,
    `add element ip ${name} senders { "${link}" : goto sender-${number} }`,
    `add element ip ${name} askers { "${link}" : goto asker-${number} }`,
  ])
}

/**
 * Opens the ports of a guest and closes all others, for `nft -f`; again with other values it replaces the former. What is connected stays.
 * The machine calls every open port; of other guests those whose packets bear the mark of a role that may.
 */
export function openings(network: GuestNetwork, { address, owner, open }: Opened): string {
  const { name, fabricSubnet } = network
  const number = lastNumber(address)
  const chainsOf = ['sender', 'receiver', 'called'].map((chain) => `${chain}-${number}`)
  const [sender, receiver, called] = chainsOf
  const marks = (roles: readonly string[]) =>
    `meta mark { ${roles.map((role) => markOf({ deploymentId: owner.deploymentId, role })).join(', ')} }`
  const all = [...new Set(open.flatMap(({ callers }) => callers))]
  const ports = ({ protocol, first, last }: OpenPorts) =>
    (protocol === 'any' ? ['tcp', 'udp'] : [protocol]).map((known) => `${known} dport ${first}-${last}`)
  return lines([
    ...chainsOf.flatMap((chain) => [`add chain ip ${name} ${chain}`, `flush chain ip ${name} ${chain}`]),
    `add rule ip ${name} ${sender} ip saddr != ${address} drop`,
    `add rule ip ${name} ${sender} ip daddr ${fabricSubnet} meta mark set ${markOf(owner)}`,
    ...open.flatMap(ports).map((port) => `add rule ip ${name} ${receiver} ${port} accept`),
    `add rule ip ${name} ${receiver} icmp type echo-request accept`,
    `add rule ip ${name} ${receiver} reject`,
    ...open
      .filter(({ callers }) => callers.length > 0)
      .flatMap((opened) => ports(opened).map((port) => `${marks(opened.callers)} ${port}`))
      .map((call) => `add rule ip ${name} ${called} ${call} meta mark set 0 accept`),
    ...(all.length > 0
      ? [`add rule ip ${name} ${called} ${marks(all)} icmp type echo-request meta mark set 0 accept`]
      : []),
    `add rule ip ${name} ${called} reject`,
    `add element ip ${name} receivers { ${address} : goto ${receiver} }`,
    `add element ip ${name} calls { ${address} : goto ${called} }`,
  ])
}

/** Removes it again; also one that was never let in. */
export function dismissal(network: GuestNetwork, address: string): string {
  const { name } = network
  const link = linkOf(network, address)
  const number = lastNumber(address)
  return lines([
    // nft can only remove what exists.
    `add chain ip ${name} sender-${number}`,
    `add chain ip ${name} asker-${number}`,
    `add chain ip ${name} receiver-${number}`,
    `add chain ip ${name} called-${number}`,
    `add element ip ${name} senders { "${link}" : goto sender-${number} }`,
    `add element ip ${name} askers { "${link}" : goto asker-${number} }`,
    `add element ip ${name} receivers { ${address} : goto receiver-${number} }`,
    `add element ip ${name} calls { ${address} : goto called-${number} }`,
    `delete element ip ${name} receivers { ${address} }`,
    `delete element ip ${name} calls { ${address} }`,
    `delete element ip ${name} senders { "${link}" }`,
    `delete element ip ${name} askers { "${link}" }`,
    `flush chain ip ${name} sender-${number}`,
    `flush chain ip ${name} asker-${number}`,
    `flush chain ip ${name} receiver-${number}`,
    `flush chain ip ${name} called-${number}`,
    `delete chain ip ${name} called-${number}`,
    `delete chain ip ${name} receiver-${number}`,
    `delete chain ip ${name} sender-${number}`,
    `delete chain ip ${name} asker-${number}`,
  ])
}

/** Where clouds give a machine its identity and credentials: for the machine alone, and never to be routed (RFC 3927). */
const linkLocal = '169.254.0.0/16'

/**
 * Connections that a guest may have open at once, and begin in a second: the kernel's table of connections is one for the machine, which
 * takes no more when it is full, and remembers each for minutes. Origin: choice.
 */
const meters = { flows: 'ct count over 16384', rates: 'limit rate over 1000/second burst 5000 packets' } as const

/** From a guest's link, or its address, to what is asked of packets from it, or to it. */
const maps = { senders: 'ifname', askers: 'ifname', receivers: 'ipv4_addr', calls: 'ipv4_addr' } as const

const chains = {
  arriving: 'filter hook prerouting priority raw',
  limiting: 'filter hook prerouting priority filter',
  'wire-server': 'nat hook prerouting priority dstnat',
  entering: 'filter hook input priority filter',
  passing: 'filter hook forward priority filter',
  telling: 'filter hook output priority filter',
  leaving: 'nat hook postrouting priority srcnat',
} as const

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('')
}
