import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { child, childrenOf, parseXml } from '../../src/kernel/xml.ts'
import type { RoleDefinition } from '../../src/service-model/definition.ts'
import {
  type RoleEnvironment,
  readRoleEnvironment,
  writeRoleEnvironment,
} from '../../src/service-model/role-environment.ts'
import { checkXpath, evaluateXpath } from '../../src/service-model/xpath.ts'
import { definitionOf, worker } from './documents.ts'

const gossip = { name: 'Gossip', address: '10.20.0.4', port: 20_001, protocol: 'tcp' }
const environment: RoleEnvironment = {
  deploymentId: '9f3c1d2e4b5a46788766554433221100',
  emulated: false,
  currentInstance: {
    id: 'Worker_IN_0',
    roleName: 'Worker',
    faultDomain: 1,
    updateDomain: 2,
    settings: { QueueName: 'orders', Empty: '' },
    localResources: [{ name: 'Scratch', path: '/srv/Scratch/', sizeInMB: 512 }],
    endpoints: [{ name: 'Api', address: '10.20.0.4', port: 8443, protocol: 'https', publicPort: 443 }, gossip],
  },
  roles: [{ name: 'Worker', instances: [{ id: 'Worker_IN_0', faultDomain: 1, updateDomain: 2, endpoints: [gossip] }] }],
}
const base = '/RoleEnvironment/CurrentInstance'

describe('the role environment document (role-runtime.md 5)', () => {
  it('is read back as it was written, whatever a setting holds', () => {
    assert.deepEqual(readRoleEnvironment(writeRoleEnvironment(environment)), environment)
    const troublesome = fc.constantFrom('a', 'é', ' ', '<', '>', '&', '"', "'", '\n', '\r', '\t')
    fc.assert(
      fc.property(fc.string({ unit: troublesome }), (value) => {
        const written = { ...environment, currentInstance: { ...environment.currentInstance, settings: { S: value } } }
        assert.deepEqual(readRoleEnvironment(writeRoleEnvironment(written)), written)
      }),
    )
  })

  it('always has the containers that clients need, empty if need be (rule 2)', () => {
    const bare = { ...environment.currentInstance, settings: {}, localResources: [], endpoints: [] }
    const root = parseXml(writeRoleEnvironment({ ...environment, currentInstance: bare, roles: [] }))
    assert.deepEqual(
      root.children.map(({ local }) => local),
      ['Deployment', 'CurrentInstance', 'Roles'],
    )
    assert.deepEqual(
      child(root, 'CurrentInstance')?.children.map(({ local }) => local),
      ['ConfigurationSettings', 'LocalResources', 'Endpoints'],
    )
  })

  it('writes Endpoints for every instance, and lists no role without an internal endpoint (rules 2, 3)', () => {
    const silent = { id: 'Worker_IN_1', faultDomain: 0, updateDomain: 1, endpoints: [] }
    const roles = [
      { name: 'Worker', instances: [...(environment.roles[0]?.instances ?? []), silent] },
      { name: 'Web', instances: [{ ...silent, id: 'Web_IN_0' }] },
    ]
    const listed = childrenOf(child(parseXml(writeRoleEnvironment({ ...environment, roles })), 'Roles'), 'Role')
    assert.deepEqual(
      listed.map((role) => role.attributes['name']),
      ['Worker'],
    )
    for (const instance of childrenOf(child(listed[0], 'Instances'), 'Instance'))
      assert.ok(child(instance, 'Endpoints'))
  })

  it('writes protocol any as tcp (rule 4), and line breaks so that they survive (rule 7)', () => {
    const endpoints = [{ ...gossip, protocol: 'any' }]
    const settings = { Lines: 'a\nb' }
    const text = writeRoleEnvironment({
      ...environment,
      currentInstance: { ...environment.currentInstance, endpoints, settings },
    })
    assert.equal(readRoleEnvironment(text).currentInstance.endpoints[0]?.protocol, 'tcp')
    assert.match(text, /value="a&#xA;b"/)
  })
})

describe('xpaths of RoleInstanceValue (S-32, 2.14)', () => {
  const values: readonly (readonly [xpath: string, value: string])[] = [
    ['/RoleEnvironment/Deployment/@id', '9f3c1d2e4b5a46788766554433221100'],
    ['/RoleEnvironment/Deployment/@emulated', 'false'],
    [`${base}/@id`, 'Worker_IN_0'],
    [`${base}/@roleName`, 'Worker'],
    [`${base}/@updateDomain`, '2'],
    [`${base}/@faultDomain`, '1'],
    [`${base}/ConfigurationSettings/ConfigurationSetting[@name='QueueName']/@value`, 'orders'],
    [`${base}/ConfigurationSettings/ConfigurationSetting[@name='Empty']/@value`, ''],
    [`${base}/LocalResources/LocalResource[@name='Scratch']/@path`, '/srv/Scratch/'],
    [`${base}/LocalResources/LocalResource[@name='Scratch']/@sizeInMB`, '512'],
    [`${base}/Endpoints/Endpoint[@name='Api']/@address`, '10.20.0.4'],
    [`${base}/Endpoints/Endpoint[@name='Api']/@port`, '8443'],
    [`${base}/Endpoints/Endpoint[@name='Api']/@protocol`, 'https'],
    [`${base}/Endpoints/Endpoint[@name='Api']/@publicPort`, '443'],
    [` ${base} / Endpoints/Endpoint[ @name = "Api" ] / @port `, '8443'],
  ]
  for (const [xpath, value] of values)
    it(`${xpath} is "${value}"`, () => assert.deepEqual(evaluateXpath(xpath, environment), { ok: true, value }))

  const refused = [
    '',
    '/RoleEnvironment/Deployment/@name',
    `${base}/@name`,
    `${base}/Endpoints/Endpoint[@name='Api']/@path`,
    `${base}/Endpoints/LocalResource[@name='Scratch']/@path`,
    `${base}/Endpoints/Endpoint[@name='Api"]/@port`,
    '//Deployment/@id',
  ]
  for (const xpath of refused) it(`refuses "${xpath}"`, () => assert.equal(evaluateXpath(xpath, environment).ok, false))

  for (const xpath of [
    `${base}/ConfigurationSettings/ConfigurationSetting[@name='toString']/@value`,
    `${base}/Endpoints/Endpoint[@name='Gossip']/@publicPort`,
  ])
    it(`has no value for "${xpath}"`, () =>
      assert.deepEqual(evaluateXpath(xpath, environment), { ok: true, value: undefined }))

  it('are checked against the role before it is deployed', () => {
    const [role] = definitionOf(
      worker(
        '<LocalResources><LocalStorage name="Scratch" /></LocalResources><Endpoints><InternalEndpoint name="Gossip" protocol="tcp" /></Endpoints>',
      ),
    ).roles
    const check = (rest: string) => checkXpath(base + rest, role as RoleDefinition)?.text
    assert.equal(check("/LocalResources/LocalResource[@name='Scratch']/@path"), undefined)
    assert.equal(check("/LocalResources/LocalResource[@name='DiagnosticStore']/@path"), undefined)
    assert.equal(check("/Endpoints/Endpoint[@name='Gossip']/@port"), undefined)
    assert.match(check("/Endpoints/Endpoint[@name='Gossip']/@publicPort") ?? '', /Gossip, which the role does not have/)
    assert.match(check("/LocalResources/LocalResource[@name='X']/@path") ?? '', /there are Scratch, DiagnosticStore/)
  })
})
