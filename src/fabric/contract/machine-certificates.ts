import type { MachineParty } from './machines.ts'
import { party as names } from './paths.ts'

/** What a certificate of a machine says, and which authority signs it. */
export interface WantedCertificate {
  readonly authority: 'fabric' | 'etcd'
  readonly commonName: string
  readonly usage: 'client' | 'both'
  /** Names and addresses at which it is reached. */
  readonly hosts: readonly string[]
}

/** Names by which what serves the machine itself too is reached there. */
const loopback = ['localhost', '127.0.0.1', '::1']

/** A machine asks for certificates by party alone: names, addresses and purpose are decided here. Parties of candidates: undefined for others. */
export function certificateOf(
  party: MachineParty,
  { name, address, controller }: { readonly name: string; readonly address: string; readonly controller: boolean },
  network: number,
): WantedCertificate | undefined {
  const here = { authority: 'fabric', usage: 'both', hosts: [address] } as const
  switch (party) {
    case 'machine':
      return { ...here, commonName: `${names.machinePrefix}${name}` }
    case 'host':
      return { ...here, commonName: `${names.hostPrefix}${name}` }
    case 'loadBalancer':
      return { ...here, commonName: `${names.loadBalancerPrefix}${name}`, usage: 'client', hosts: [] }
    case 'controller': {
      const hosts = [address, ...loopback, `127.${network}.0.2`]
      return controller ? { ...here, commonName: names.controller, hosts } : undefined
    }
    case 'frontEnd':
      return controller ? { ...here, commonName: names.frontEnd, hosts: [address, ...loopback] } : undefined
    case 'etcd': {
      const hosts = [address, ...loopback]
      return controller ? { ...here, authority: 'etcd', commonName: `etcd:${name}`, hosts } : undefined
    }
  }
}
