import {
  attribute,
  each,
  group,
  optionalAttribute,
  saidAttribute,
  saidElement,
} from '../../../kernel/document/parts.ts'
import { record } from '../../../kernel/document/record.ts'
import { count, oneOf, text } from '../../../kernel/document/scalars.ts'
import { list } from '../../../kernel/document/tag.ts'
import { type Markup, xml } from '../../../kernel/xml.ts'
import type { TopologyEndpoint } from '../guest-specification.ts'
import { certificateId } from './environment.ts'

interface Topology {
  readonly topology: readonly {
    readonly id: string
    readonly role: string
    readonly endpoints: readonly { readonly name: string }[]
  }[]
}

/** Which instances answer at each endpoint of each role. */
export const outputEndpoints = saidElement(({ topology }: Topology) => {
  const targets = new Map<string, Markup[]>()
  for (const { id, role, endpoints } of topology)
    for (const { name } of endpoints) {
      const key = `${role}:${name}`
      const target = xml('Target', { instance: id, endpoint: name })
      const known = targets.get(key)
      if (known) known.push(target)
      else targets.set(key, [target])
    }
  const endpoints = [...targets].map(([name, found]) => xml('Endpoint', { name, type: 'SFS' }, found))
  return xml('OutputEndpoints', {}, endpoints)
})

type Endpoint = Pick<TopologyEndpoint, 'publicAddress' | 'certificateThumbprint'>

/** `kind` is Reddog's own attribute. */
const endpoint = record('Endpoint', {
  name: attribute(text('name')),
  address: attribute(text('address')),
  protocol: attribute(oneOf('protocol', ['http', 'https', 'tcp', 'udp', 'any'])),
  isPublic: saidAttribute('isPublic', ({ publicAddress }: Endpoint) => publicAddress !== undefined),
  publicAddress: optionalAttribute(text('loadBalancedPublicAddress')),
  enableDirectServerReturn: saidAttribute('enableDirectServerReturn', false),
  isDirectAddress: saidAttribute('isDirectAddress', false),
  disableStealthMode: saidAttribute('disableStealthMode', false),
  certificateThumbprint: optionalAttribute(certificateId),
  enableClientCertNegotiation: saidAttribute('enableClientCertNegotiation', ({ certificateThumbprint }: Endpoint) =>
    certificateThumbprint === undefined ? undefined : false,
  ),
  kind: attribute(oneOf('kind', ['input', 'internal', 'instanceInput'])),
  localPorts: group('LocalPorts', {
    localPortRange: group('LocalPortRange', { port: attribute(count('from')), lastPort: attribute(count('to')) }),
  }),
})

/** Every instance that this one may see, itself first (H-35). `roleName` is Reddog's own attribute. */
const instance = record('Instance', {
  id: attribute(text('id')),
  address: attribute(text('address')),
  role: attribute(text('roleName')),
  domains: group('FaultDomains', {
    faultDomain: attribute(count('randomId')),
    upgradeDomain: attribute(count('updateId')),
    upgradeDomainCount: attribute(count('updateCount')),
  }),
  endpoints: list('InputEndpoints', endpoint),
})

export const instances = group('Instances', {
  upgradeDomainCount: attribute(count('updateCount')),
  topology: each(instance),
})
