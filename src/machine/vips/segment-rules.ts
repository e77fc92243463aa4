import { virtualRouterId } from './keepalived-configuration.ts'

/** What the rules of one machine say. */
export interface SegmentPlan {
  /** The machine's address, and the link that has it. */
  readonly address: string
  readonly link: string
  /** `FIRST-LAST` of the VIPs. */
  readonly range: string
}

/** Name of the table of nft; no other of this machine has it. `network` is the b of the fabric's 127.b.0.0/16. */
export function vipTableOf(network: number): string {
  return `rdvips-${network}`
}

/** A class of service that nobody uses (RFC 4594: 47 is unassigned): packets that another machine has passed on bear it, and are not passed on again. */
const passedOn = '0x2f'

/** Who says for so long that it holds the VIPs is no rival of an election any more, in milliseconds. Origin: choice; one takes some 0.3 s. */
const electionMs = 1_000

/** Who was silent for so long is to be told anew, in milliseconds: shorter than that, so that nobody was elected meanwhile; three adverts. */
const silentMs = 900

/** A set of addresses that the packets themselves fill. */
const addressesFor = (name: string) => `  set ${name} {
    type ipv4_addr
    flags dynamic, timeout
    size 1024
  }
`

/**
 * The rules of nft for the VIPs of this machine. Adverts of VRRP are taken of the other machines alone, from the segment (no router has lowered their
 * time to live); of other groups nothing is said. And packets to a VIP that begin no connection, of a connection that this machine does not know, go
 * to whoever held the VIPs before: it has them on `lo`, and answers the client itself. So connections live on when the VIPs move. Who held them is who has
 * said so for a while: when they move, several may say so for a moment. It is told once: an element that is there keeps its value
 * whatever is added, and one that is deleted counts for a while.
 */
export function segmentRules(table: string, { address, link, range }: SegmentPlan): string {
  return `table ip ${table} {
  set vips {
    type ipv4_addr
    flags interval
    elements = { ${range} }
  }
  set machines {
    type ipv4_addr
  }
${['saying', 'rivals', 'told'].map(addressesFor).join('')}  map former {
    type ether_type : ipv4_addr
    flags dynamic
    size 65535
  }
  chain adverts {
    ip ttl != 255 drop
    ip saddr != @machines drop
    add @former { meta protocol : ip saddr }
    ip saddr != @saying add @rivals { ip saddr timeout ${electionMs}ms }
    update @saying { ip saddr timeout ${silentMs}ms }
    ip saddr @rivals accept
    ip saddr != @told delete @former { meta protocol : ip saddr } add @former { meta protocol : ip saddr }
    update @told { ip saddr timeout ${silentMs}ms }
  }
  chain input {
    type filter hook input priority mangle
    policy accept
    ip protocol vrrp ip daddr ${address} @th,8,8 ${virtualRouterId} goto adverts
  }
  chain arriving {
    type filter hook prerouting priority mangle
    policy accept
    iifname "${link}" ip daddr @vips tcp flags & syn == 0 ct state { new, invalid } ip dscp != ${passedOn} jump unknown
  }
  chain unknown {
    ip dscp set ${passedOn} dup to meta protocol map @former device "${link}" drop
  }
}
`
}

/** Commands of nft after which those, and no others, are the machines. What is known of the former holder stays. */
export function machinesRules(table: string, machines: readonly string[]): string {
  const added = machines.length === 0 ? '' : `add element ip ${table} machines { ${machines.join(', ')} }\n`
  return `flush set ip ${table} machines\n${added}`
}
