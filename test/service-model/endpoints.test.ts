import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RoleDefinition } from '../../src/service-model/definition.ts'
import { planPorts, publicEndpoints } from '../../src/service-model/endpoints.ts'
import { definitionOf, workerWith } from './documents.ts'

const definition = definitionOf(
  workerWith(`
    <InputEndpoint name="Http" protocol="http" port="80" localPort="8080" />
    <InputEndpoint name="Any" protocol="udp" port="53" localPort="*" />
    <InputEndpoint name="Inner" protocol="tcp" port="81" loadBalancer="Internal" />
    <InternalEndpoint name="Fixed" protocol="tcp" port="7" />
    <InternalEndpoint name="Range" protocol="tcp"><FixedPortRange min="10" max="12" /></InternalEndpoint>
    <InternalEndpoint name="Free" protocol="any" />
    <InstanceInputEndpoint name="Debug" protocol="tcp" localPort="1000"><AllocatePublicPortFrom><FixedPortRange min="2000" max="2009" /></AllocatePublicPortFrom></InstanceInputEndpoint>`),
)

describe('ports of an instance (A-25)', () => {
  it('are settled by the definition, or left to the fabric', () => {
    assert.deepEqual(planPorts(definition.roles[0] as RoleDefinition, 3), [
      { name: 'Http', kind: 'input', protocol: 'http', publicPort: 80, localPort: 8080 },
      { name: 'Any', kind: 'input', protocol: 'udp', publicPort: 53, localPort: 'dynamic' },
      { name: 'Inner', kind: 'input', protocol: 'tcp', localPort: 81 },
      { name: 'Fixed', kind: 'internal', protocol: 'tcp', localPort: 7, range: { min: 7, max: 7 } },
      { name: 'Range', kind: 'internal', protocol: 'tcp', localPort: 10, range: { min: 10, max: 12 } },
      { name: 'Free', kind: 'internal', protocol: 'any', localPort: 'dynamic' },
      { name: 'Debug', kind: 'instanceInput', protocol: 'tcp', publicPort: 2003, localPort: 1000 },
    ])
  })

  it('are public unless an internal load balancer has them (L-16)', () => {
    assert.deepEqual(
      publicEndpoints(definition).map(({ name, kind, transport, ports }) => [
        name,
        kind,
        transport,
        ports.min,
        ports.max,
      ]),
      [
        ['Http', 'input', 'tcp', 80, 80],
        ['Any', 'input', 'udp', 53, 53],
        ['Debug', 'instanceInput', 'tcp', 2000, 2009],
      ],
    )
  })
})
