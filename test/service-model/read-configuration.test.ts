import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfiguration } from '../../src/service-model/read-configuration.ts'
import { withInstanceCounts } from '../../src/service-model/write-configuration.ts'
import { configurationOf, cscfg, valueOf } from './documents.ts'

const role = (content: string, attributes = 'name="Web"') => `<Role ${attributes}>${content}</Role>`
const plain = role('<Instances count="2" />')
const acl = (rules: string) =>
  `${plain}<NetworkConfiguration><AccessControls><AccessControl name="Office">${rules}</AccessControl></AccessControls></NetworkConfiguration>`
const aclRule = (order: number, subnet = '10.0.0.0/8') =>
  `<Rule order="${order}" action="permit" remoteSubnet="${subnet}" description="" />`

describe('a service configuration (3)', () => {
  it('reads a role whatever the order of its children, thumbprints in upper case (3.2)', () => {
    const thumbprint = 'ab'.repeat(20)
    const { roles, osFamily, osVersion } = configurationOf(
      role(
        `<Certificates><Certificate name="C" thumbprint="${thumbprint}" thumbprintAlgorithm="sha1" /></Certificates><ConfigurationSettings><Setting name="S" value="" /></ConfigurationSettings><Instances count="3" />`,
      ),
    )
    assert.deepEqual(roles, [
      { name: 'Web', instances: 3, settings: { S: '' }, certificates: [{ name: 'C', thumbprint: 'AB'.repeat(20) }] },
    ])
    assert.equal(osFamily, 1)
    assert.equal(osVersion, '*')
  })

  it('reads numbers as XML Schema writes them', () => {
    for (const count of ['5', ' 5 ', '+5', '\t05\n'])
      assert.equal(configurationOf(role(`<Instances count="${count}" />`)).roles[0]?.instances, 5)
  })

  it('keeps a setting whose name is a word of the language', () => {
    const { roles } = configurationOf(
      role(
        '<Instances count="1" /><ConfigurationSettings><Setting name="__proto__" value="1" /></ConfigurationSettings>',
      ),
    )
    assert.deepEqual(Object.keys(roles[0]?.settings ?? {}), ['__proto__'])
  })

  it('reads access controls by order and both spellings of endPoint (3.3)', () => {
    const { network } = configurationOf(
      `${plain}<NetworkConfiguration><AccessControls><AccessControl name="Office">${aclRule(200)}${aclRule(100)}</AccessControl></AccessControls><EndpointAcls><EndpointAcl role="Web" endPoint="Http" accessControl="Office" /><EndpointAcl role="Web" endpoint="Https" accessControl="Office" /></EndpointAcls></NetworkConfiguration>`,
    )
    assert.deepEqual(
      network.accessControls[0]?.rules.map(({ order }) => order),
      [100, 200],
    )
    assert.deepEqual(
      network.endpointAcls.map(({ endPoint }) => endPoint),
      ['Http', 'Https'],
    )
  })

  it('reads subnets of both families (3.3)', () => {
    const { network } = configurationOf(acl(aclRule(1) + aclRule(2, '2001:db8::/32')))
    assert.deepEqual(
      network.accessControls[0]?.rules.map(({ remoteSubnet }) => remoteSubnet),
      ['10.0.0.0/8', '2001:db8::/32'],
    )
  })

  const refused: readonly (readonly [situation: string, content: string, error: RegExp])[] = [
    ['a role without Instances', role(''), /does not say how many instances/],
    ['as many instances as people', role('<Instances count="99999999999" />'), /found "99999999999"/],
    [
      'no instances',
      role('<Instances count="0" />'),
      /count of Instances is a whole number from 1 to 10000; found "0"/,
    ],
    [
      'a setting without a value',
      role('<Instances count="1" /><ConfigurationSettings><Setting name="S" /></ConfigurationSettings>'),
      /Setting needs the attribute value/,
    ],
    [
      'a setting twice',
      role(
        `<Instances count="1" /><ConfigurationSettings>${'<Setting name="S" value="" />'.repeat(2)}</ConfigurationSettings>`,
      ),
      /two values of the setting S/,
    ],
    [
      'a short thumbprint',
      role('<Instances count="1" /><Certificates><Certificate name="C" thumbprint="AB" /></Certificates>'),
      /40 hexadecimal digits/,
    ],
    [
      'another algorithm',
      role(
        `<Instances count="1" /><Certificates><Certificate name="C" thumbprint="${'0'.repeat(40)}" thumbprintAlgorithm="md5" /></Certificates>`,
      ),
      /thumbprintAlgorithm of Certificate is one of sha1/,
    ],
    ['an OS image', role('<OsImage href="x" /><Instances count="1" />'), /only VM roles had/],
    ['a long vmName', role('<Instances count="1" />', 'name="Web" vmName="elevenchars"'), /10 characters are the most/],
    ['a role twice', plain + plain, /two roles are called Web/],
    ['an unknown element', '<Roles />', /unknown element Roles in ServiceConfiguration/],
    ['an order twice', acl(aclRule(1) + aclRule(1)), /two rules of order 1/],
    ['no subnet', acl(aclRule(1, '10.0.0.0/33')), /"10.0.0.0\/33" is no subnet such as 10.0.0.0\/8 or 2001:db8::\/32/],
    [
      'two access controls on one endpoint',
      `${plain}<NetworkConfiguration><EndpointAcls><EndpointAcl role="Web" endPoint="Http" accessControl="A" /><EndpointAcl role="web" endpoint="http" accessControl="B" /></EndpointAcls></NetworkConfiguration>`,
      /two access controls are put on the endpoint http of role web; keep one/,
    ],
    [
      'two reserved addresses',
      `${plain}<NetworkConfiguration><AddressAssignments><ReservedIPs><ReservedIP name="A" /><ReservedIP name="B" /></ReservedIPs></AddressAssignments></NetworkConfiguration>`,
      /a deployment has one/,
    ],
  ]
  for (const [situation, content, error] of refused)
    it(`refuses ${situation}`, () => {
      const { value, errors } = readConfiguration(cscfg(content))
      assert.equal(value, undefined)
      assert.equal(errors.length, 1, errors.join('\n'))
      assert.match(errors[0] ?? '', error)
    })
})

it('a text that is no XML is refused in one sentence with one full stop', () => {
  for (const source of ['', '<a', '<a>&x;</a>', '<a b></a>', '<a></b>', '<!DOCTYPE a><a/>'])
    assert.match(readConfiguration(source).errors.join(), /not well-formed XML: [^.]+\.$/)
})

describe('other instance counts (A-29)', () => {
  const source = `\uFEFF<?xml version="1.0"?>\r\n<!-- <Role name="Web"><Instances count="9"/></Role> -->\r\n${cscfg(
    `<Role name='Web'><Instances   count = '2' /></Role><Role xmlns:x="urn:x" x:y="z" name="A&amp;B"><Instances count="1"></Instances></Role>`,
  )}`

  it('changes the counts named and nothing else', () => {
    const changed = withInstanceCounts(source, { Web: 5, 'A&B': 7 })
    assert.equal(changed, source.replace(`count = '2'`, 'count = "5"').replace('count="1"', 'count="7"'))
    assert.deepEqual(
      valueOf(readConfiguration(changed)).roles.map(({ instances }) => instances),
      [5, 7],
    )
  })

  it('changes nothing without counts, and refuses a role that is not there', () => {
    assert.equal(withInstanceCounts(source, {}), source)
    assert.throws(() => withInstanceCounts(source, { Worker: 1 }), /no Instances of role Worker/)
  })
})
