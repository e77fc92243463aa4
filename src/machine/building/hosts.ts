import type { IsolationKind } from '../guest/isolation.ts'
import { hostSubnet, wireAddress } from './network.ts'

export interface Host {
  /** `host1` */
  readonly name: string
  readonly cores: number
  readonly faultDomain: number
  /** Where its guests reach their wire server. */
  readonly wireAddress: string
  /** Where its instances have their addresses. */
  readonly subnet: string
}

/** The hosts of a one-machine fabric, dealt over the fault domains, each with an address and a subnet of its own. */
export function dealHosts(
  wanted: { readonly hosts: number; readonly cores: number; readonly faultDomains: number },
  network: number,
  isolation: IsolationKind,
): readonly Host[] {
  return Array.from({ length: wanted.hosts }, (_, index) => ({
    name: `host${index + 1}`,
    cores: wanted.cores,
    faultDomain: index % wanted.faultDomains,
    wireAddress: wireAddress(network, index),
    subnet: hostSubnet(network, index, isolation),
  }))
}
