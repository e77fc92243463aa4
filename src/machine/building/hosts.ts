import type { IsolationKind } from '../guest/isolation.ts'
import type { MachineRecord } from './machine-record.ts'
import { firstNumber, hostSubnet, wireAddress } from './network.ts'

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

/** Hosts of a fabric of one machine, unless told otherwise. */
const hostsOfOne = 2

/** The racks that they stand in, so to speak; a machine among several has one of its own. */
export const faultDomainsOfOne = 2

/** How many hosts there are: one a machine, or those of the only machine. */
export function hostCount(hosts: number | undefined, machine: MachineRecord | undefined): number {
  return machine ? 1 : (hosts ?? hostsOfOne)
}

/** The host of a machine among several: it bears the machine's name. */
export function hostOfMachine(
  { name, number }: MachineRecord,
  wanted: { readonly cores: number; readonly faultDomains?: number | undefined },
  network: number,
): Host {
  const index = number - firstNumber
  return {
    name,
    cores: wanted.cores,
    faultDomain: wanted.faultDomains === undefined ? index : index % wanted.faultDomains,
    wireAddress: wireAddress(network, index),
    subnet: hostSubnet(network, index, 'namespace'),
  }
}

/** The hosts of a one-machine fabric, dealt over the fault domains, each with an address and a subnet of its own. */
export function dealHosts(
  wanted: { readonly hosts: number; readonly cores: number; readonly faultDomains?: number | undefined },
  network: number,
  isolation: IsolationKind,
): readonly Host[] {
  return Array.from({ length: wanted.hosts }, (_, index) => ({
    name: `host${index + 1}`,
    cores: wanted.cores,
    faultDomain: index % (wanted.faultDomains ?? faultDomainsOfOne),
    wireAddress: wireAddress(network, index),
    subnet: hostSubnet(network, index, isolation),
  }))
}
