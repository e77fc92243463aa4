import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configuration, createDeployment, type Fabric, type Shipped } from './fabric.ts'
import { obey } from './obey.ts'
import { changeTo, id, ofEach, parcelOf, running, told } from './updates.ts'

const endpoints = `<InputEndpoint name="Http" protocol="http" port="80"/><InputEndpoint name="Dns" protocol="udp" port="53"/>
  <InstanceInputEndpoint name="Debug" protocol="tcp" localPort="9"><AllocatePublicPortFrom><FixedPortRange min="900" max="909"/></AllocatePublicPortFrom></InstanceInputEndpoint>`

/** Two instances, and a configuration that puts these rules, `order action subnet` each, on the named endpoints. */
function guarded(rules: readonly string[], names: readonly string[]): string {
  const control = rules.map((rule) => {
    const [order, action, subnet] = rule.split(' ')
    return `<Rule order="${order}" action="${action}" remoteSubnet="${subnet}" description=""/>`
  })
  const acls = names.map((name) => `<EndpointAcl role="Web" endPoint="${name}" accessControl="Office"/>`)
  const network = `<NetworkConfiguration><AccessControls><AccessControl name="Office">${control.join('')}</AccessControl></AccessControls><EndpointAcls>${acls.join('')}</EndpointAcls></NetworkConfiguration>`
  return configuration({ Web: 2 }).replace('</ServiceConfiguration>', `${network}</ServiceConfiguration>`)
}

const parcel = (): Shipped => parcelOf([{ endpoints }], 2)
const office = ['20 deny 10.1.0.0/16', '100 permit 10.0.0.0/8']

/** The rules that the balancer is given, by the end of each endpoint's ID; `-` where there are none. */
function rulesOf({ state }: Fabric): Readonly<Record<string, string>> {
  const table = [...state.observed.rotation.endpoints.values()].flat()
  return Object.fromEntries(
    table.map(({ id: endpoint, acl }) => [
      endpoint.split('/').slice(2).join('/'),
      acl?.map(({ action, remoteSubnet }) => `${action} ${remoteSubnet}`).join() ?? '-',
    ]),
  )
}

describe('access controls of a configuration (L-18)', () => {
  it('go to the balancer with the endpoints that they are put on, of every kind, the lowest order first', () => {
    const fabric = running({ Web: 2 }, parcel(), { configuration: guarded(office.toReversed(), ['Dns', 'Debug']) })
    const rules = 'deny 10.1.0.0/16,permit 10.0.0.0/8'
    assert.deepEqual(rulesOf(fabric), { Http: '-', Dns: rules, 'Debug/Web_IN_0': rules, 'Debug/Web_IN_1': rules })
  })

  it('change with the configuration at once, and no instance hears of it', () => {
    const fabric = running({ Web: 2 }, parcel(), { configuration: guarded(office, ['Http']) })
    const { version } = fabric.state.observed.rotation
    const before = ofEach(fabric, ({ root, epochs }) => [root, epochs.guest])
    fabric.ask(changeTo(guarded(['1 permit 2001:db8::/32'], ['Http'])), id)
    assert.equal(rulesOf(fabric)['Http'], 'permit 2001:db8::/32')
    assert.ok(fabric.state.observed.rotation.version > version)
    obey(fabric)
    assert.equal(fabric.operation(id).status, 'Succeeded')
    assert.deepEqual(told(fabric), [
      'configuration change, domain 0 of 2: Web_IN_0 stays as it is',
      'configuration change, domain 1 of 2: Web_IN_1 stays as it is',
    ])
    assert.deepEqual(
      ofEach(fabric, ({ root, epochs }) => [root, epochs.guest]),
      before,
    )
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in' })
    assert.equal(rulesOf(fabric.restarted())['Http'], 'permit 2001:db8::/32')
  })

  it('go with their deployment through a swap', () => {
    const fabric = running({ Web: 2 }, parcel(), { configuration: guarded(office, ['Http']) })
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2' }))
    fabric.acknowledge()
    fabric.report('ReadyRole')
    fabric.acknowledge()
    const atProduction = () =>
      [...fabric.state.observed.rotation.endpoints.values()]
        .flat()
        .find(({ id: endpoint, vip }) => vip === fabric.deployment().vip && endpoint.endsWith('Http'))?.acl?.length
    assert.equal(atProduction(), 2)
    fabric.ask({ kind: 'swap', service: 'shop', production: 'v1', source: 'v2' })
    assert.equal(atProduction(), undefined)
  })
})
