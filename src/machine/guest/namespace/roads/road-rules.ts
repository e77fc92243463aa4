import {
  blobGatePort,
  controllerPort,
  etcdClientPort,
  etcdMemberPort,
  roadsPort,
  witnessPort,
} from '../../../cluster/ports.ts'
import type { WantedRoads } from '../../driver.ts'
import type { GuestNetwork } from '../guest-network.ts'
import { markOf } from '../marks.ts'
import type { PlannedRoad } from './road-plan.ts'

/** Where machines listen for one another (machine/cluster/ports.ts). */
const platformPorts = [
  `tcp dport { ${[etcdClientPort, etcdMemberPort, controllerPort, witnessPort, blobGatePort].join(', ')} }`,
  `udp dport ${roadsPort}`,
] as const

/**
 * Lets in who comes by these roads, for `nft -f`; again with others it replaces the former. Packets from a machine come by its own road and bear an
 * address of its own subnet, or are dropped before anybody looks at them; those of its guests get the marks of their deployment and role, so
 * that the same openings hold for them as for guests here; the machine itself, and so its balancer, reaches the open ports. Between
 * machines every packet has its true source, whatever others translate.
 */
export function roadRules(network: GuestNetwork, roads: readonly PlannedRoad[], peers: WantedRoads['peers']): string {
  const { name, subnet, fabricSubnet, fabricLinks, links, machine, overlay, fabric } = network
  const marks = new Map(peers.map(({ address, owner }) => [address, markOf(owner)]))
  const wrapped = roads.filter((road) => road.wrapped)
  const held: Readonly<Record<keyof typeof sets, readonly string[]>> = {
    roads: roads.map((road) => `"${road.link}" . ${road.subnet}`),
    machines: roads.map((road) => `"${road.link}" . ${road.machine}`),
    ends: wrapped.map((road) => road.address),
    marks: [...marks].map(([address, mark]) => `${address} : ${mark}`),
  }
  const wrapping = `udp dport ${roadsPort} @th,96,24 ${fabric}`
  return lines([
    ...declared(name),
    ...emptied(name),
    ...Object.entries(held).flatMap(([set, elements]) =>
      elements.length > 0 ? [`add element ip ${name} ${set} { ${elements.join(', ')} }`] : [],
    ),
    // What machines say to each other is no guest's affair; a forged packet of a road would bear any mark.
    ...(roads.length > 0
      ? platformPorts.map(
          (ports) =>
            `add rule ip ${name} crossing iifname "${links}*" ip daddr { ${roads.map((road) => road.address).join(', ')} } ${ports} drop`,
        )
      : []),
    `add rule ip ${name} crossing ip daddr ${subnet} iifname . ip saddr @roads meta mark set ip saddr map @marks`,
    `add rule ip ${name} crossing ip daddr ${subnet} iifname . ip saddr @roads accept`,
    `add rule ip ${name} crossing iifname "${overlay}" drop`,
    `add rule ip ${name} crossing ip daddr ${subnet} iifname != "${fabricLinks}*" iifname != "lo" drop`,
    `add rule ip ${name} crossing ${wrapping} ip saddr != @ends drop`,
    `add rule ip ${name} calling iifname . ip saddr @machines ip daddr vmap @receivers`,
    `add rule ip ${name} calling iifname . ip saddr @roads ip daddr vmap @calls`,
    `add rule ip ${name} arrived ip daddr ${machine} iifname "lo" accept`,
    `add rule ip ${name} arrived ip daddr ${machine} ct state established,related accept`,
    `add rule ip ${name} arrived ip daddr ${machine} icmp type echo-request accept`,
    `add rule ip ${name} arrived ip daddr ${machine} reject`,
    `add rule ip ${name} unmarking ip saddr ${subnet} oifname != "${fabricLinks}*" ip daddr ${fabricSubnet} meta mark set 0`,
    `add rule ip ${name} unmarking ip saddr ${subnet} oifname "${overlay}" meta mark set 0`,
    `add rule ip ${name} between ip saddr ${fabricSubnet} ip daddr ${fabricSubnet} snat to ip saddr`,
  ])
}

/** Takes all of that away again, also when nothing of it is there. */
export function withoutRoads({ name }: GuestNetwork): string {
  return lines([
    ...declared(name),
    ...emptied(name),
    ...Object.keys(hooks).map((chain) => `delete chain ip ${name} ${chain}`),
    ...Object.keys(sets).map((set) => `delete ${kindOf(set)} ip ${name} ${set}`),
  ])
}

function declared(name: string): readonly string[] {
  return [
    ...Object.entries(sets).map(([set, type]) => `add ${kindOf(set)} ip ${name} ${set} { type ${type}; }`),
    ...Object.entries(hooks).map(([chain, hook]) => `add chain ip ${name} ${chain} { type ${hook}; policy accept; }`),
    // The table of the host has it, and asks it about packets to guests.
    `add chain ip ${name} calling`,
  ]
}

function emptied(name: string): readonly string[] {
  return [
    ...['calling', ...Object.keys(hooks)].map((chain) => `flush chain ip ${name} ${chain}`),
    ...Object.keys(sets).map((set) => `flush ${kindOf(set)} ip ${name} ${set}`),
  ]
}

function kindOf(set: string): 'map' | 'set' {
  return set === 'marks' ? 'map' : 'set'
}

/** Interface and subnet of each road, interface and address of each machine, ends of wrapped roads, mark of each peer. */
const sets = {
  roads: 'ifname . ipv4_addr; flags interval',
  machines: 'ifname . ipv4_addr',
  ends: 'ipv4_addr',
  marks: 'ipv4_addr : mark',
} as const

/** `between` decides before others translate: a connection that has its addresses gets no others. */
const hooks = {
  crossing: 'filter hook prerouting priority raw',
  arrived: 'filter hook input priority filter',
  unmarking: 'filter hook forward priority filter + 1',
  between: 'nat hook postrouting priority srcnat - 10',
} as const

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('')
}
