import type { MachineParty } from '../../fabric/contract/machines.ts'
import { party as parties } from '../../fabric/contract/paths.ts'
import type { PartyCertificate } from '../certificates/authority.ts'

/** Names by which a machine reaches itself. */
const here = ['localhost', '127.0.0.1', '::1']

/** What the certificate of a party of a machine says (docs/decisions/several-machines.md). */
export function partyCertificate(
  party: MachineParty,
  { name, address }: { readonly name: string; readonly address: string },
): PartyCertificate {
  switch (party) {
    case 'machine':
      return { commonName: `machine:${name}`, usage: 'both', hosts: [address] }
    case 'host':
      return { commonName: `${parties.hostPrefix}${name}`, usage: 'both', hosts: [address] }
    case 'loadBalancer':
      return { commonName: `${parties.loadBalancer}:${name}`, usage: 'client' }
    case 'controller':
      return { commonName: parties.controller, usage: 'both', hosts: [address] }
    case 'frontEnd':
      return { commonName: parties.frontEnd, usage: 'both', hosts: [...here, address] }
    case 'etcd':
      return { commonName: `etcd:${name}`, usage: 'both', hosts: [...here, address] }
  }
}
