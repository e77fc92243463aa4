/** What keepalived is to do on one machine: one VRRP instance for all VIPs. */
export interface KeepalivedPlan {
  /** Name of the machine. */
  readonly machine: string
  /** Its address, and the link that has it. */
  readonly address: string
  readonly link: string
  /** Addresses of the other machines with a balancer. */
  readonly others: readonly string[]
  /** The VIPs that the holder has on its link. */
  readonly vips: readonly string[]
  /** The b of the fabric's 127.b.0.0/16. */
  readonly network: number
  /** The file whose number says whether this machine may hold the VIPs: 0, or else not. */
  readonly trackFile: string
}

/** VRRP's number of the group of machines. Adverts go from machine to machine, so that groups of others on the segment do not matter. Origin: choice. */
export const virtualRouterId = 77

/** How often the holder says that it is there, in seconds: three of them missed, and another takes the VIPs. Measured: 0.8 s. */
const advertIntervalS = 0.25

/**
 * The configuration of keepalived. VRRP's adverts can name few addresses, and machines that name others do not believe each other: they name one on
 * `lo` that nobody uses, and no VIP. VRRP of version 3 has no authentication any more, and the password of version 2 travels in plain text: that
 * adverts are believed of the machines alone, on one segment, is seen to by rules of nft (segment-rules.ts). Nobody takes the VIPs from a holder that
 * is well (`nopreempt`), so priorities only decide who is next.
 */
export function keepalivedConfiguration(plan: KeepalivedPlan): string {
  const { machine, address, link, others, vips, network, trackFile } = plan
  return `# Written by Reddog's VipHolder, which writes it anew: changes are lost.
global_defs {
  router_id ${machine}
  vrrp_version 3
  vrrp_check_unicast_src
  vrrp_garp_master_repeat 2
  vrrp_garp_master_delay 1
  vrrp_garp_lower_prio_repeat 2
}
track_file serving {
  file "${trackFile}"
  weight 0
}
vrrp_instance vips {
  state BACKUP
  nopreempt
  interface ${link}
  virtual_router_id ${virtualRouterId}
  priority ${priorityOf(address, others)}
  advert_int ${advertIntervalS}
  unicast_src_ip ${address}
  unicast_peer {
${lines(others.length > 0 ? others : [address])}
  }
  virtual_ipaddress {
    ${anchorOf(network)}/32 dev lo
  }
  virtual_ipaddress_excluded {
${lines(vips.map((vip) => `${vip}/32 dev ${link}`))}
  }
  track_file {
    serving
  }
}
`
}

/** The address on `lo` that adverts name. `network` is the b of the fabric's 127.b.0.0/16. */
export function anchorOf(network: number): string {
  return `127.${network}.0.5`
}

/** The highest priority that is not an owner's (RFC 5798, 5.2.4), less one for each machine whose address comes before. */
function priorityOf(address: string, others: readonly string[]): number {
  return Math.max(1, 254 - others.filter((other) => other < address).length)
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `    ${text}`).join('\n')
}
