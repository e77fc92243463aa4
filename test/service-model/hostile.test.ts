import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import { rotationOf } from '../../src/fabric/controller/rotation/rotation.ts'
import { balancerAgent } from '../../src/fabric/load-balancer/agent.ts'
import { firstState } from '../../src/fabric/load-balancer/state.ts'
import { withVariables } from '../../src/guest/bootstrapper/role-variables.ts'
import { readFullConfig, writeFullConfig } from '../../src/guest/contract/full-config.ts'
import type { GuestConfiguration } from '../../src/guest/contract/guest-configuration.ts'
import { localResourceDirectory, realPath } from '../../src/guest/contract/guest-paths.ts'
import type { GuestSpecification } from '../../src/guest/contract/guest-specification.ts'
import { writeHostingEnvironmentConfig } from '../../src/guest/contract/hosting-environment-config.ts'
import { writeSharedConfig } from '../../src/guest/contract/shared-config.ts'
import { roleEnvironmentOf } from '../../src/guest/guest-agent/role-environment-of.ts'
import { type Element, type Markup, parseXml, xml } from '../../src/kernel/xml.ts'
import { modelOf } from '../../src/service-model/cspkg/model-of.ts'
import { writeNamedStreams } from '../../src/service-model/cspkg/named-streams.ts'
import { writeRuntimeSetup } from '../../src/service-model/cspkg/runtime-setup.ts'
import { readSoftwareLinks } from '../../src/service-model/cspkg/software-links.ts'
import { writeServiceContract } from '../../src/service-model/cspkg/write-service-contract.ts'
import { writeServiceModel } from '../../src/service-model/cspkg/write-service-model.ts'
import { expandPlugins, pluginSettingsOf } from '../../src/service-model/expand-plugins.ts'
import { matchConfiguration, validationErrorText } from '../../src/service-model/match.ts'
import { readConfiguration } from '../../src/service-model/read-configuration.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import type { Reading } from '../../src/service-model/reading.ts'
import { readRoleEnvironment, writeRoleEnvironment } from '../../src/service-model/role-environment.ts'
import { roleModelOf } from '../../src/service-model/role-model-of.ts'
import { planRole } from '../../src/service-model/role-plan.ts'
import type { ServiceModel } from '../../src/service-model/service-model.ts'
import { writePackagedDefinition } from '../../src/service-model/write-definition.ts'
import { writeRoleModel } from '../../src/service-model/write-role-model.ts'
import { createDeployment, createShop, fabricOf, shipped } from '../fabric/fabric.ts'
import { type Names, shop, thumbprint, usual } from './documents-of-shop.ts'

/** What somebody may write where a name, a number, a word or a text is expected. */
const hostile = [
  '',
  ' ',
  '0',
  '-0',
  '1',
  '5',
  ' 5 ',
  '+5',
  '1e3',
  '0x10',
  '٣',
  '1.5',
  'NaN',
  'Infinity',
  '65535',
  '65536',
  '555555',
  '99999999999',
  '2147483648',
  '9007199254740993',
  '9'.repeat(400),
  'true',
  'True',
  '*',
  'latest',
  '10.0.0.0/8',

  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '..',
  '.',
  'a/b',
  'a\\b',
  'a=b',
  'a\nb',
  'a\u0085b',
  '$&',
  "$'",
  '%2e%2e',
  '%',
  '\u{1F600}',
  'é'.repeat(60),
  'x'.repeat(101),
  'x'.repeat(300),
  'x'.repeat(40_000),
  "'",
  '"',
  '<>&',
  ']]>',
  '1 OR 1=1',
  '; rm -rf /',
  'WORKER',
  'worker',
]

describe('documents that mean harm (service-model.md 1)', () => {
  it('pass through the whole building while they are in order', () => {
    assert.equal(runs(shop(usual)), 'placed')
  })

  const names = Object.keys(usual) as readonly (keyof Names)[]
  for (const name of [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '$1',
    '$$',
    'é',
    'a.b',
    '%41',
  ])
    it(`take ${name} for a name like any other`, () => {
      for (const of of names) assert.equal(runs(shop({ ...usual, [of]: name })), 'placed', `as the name of a ${of}`)
      const all = Object.fromEntries(names.map((of) => [of, of === 'internal' ? `${name}2` : name])) as unknown as Names
      assert.equal(runs(shop(all)), 'placed', 'as every name')
    })

  for (const document of ['definition', 'configuration'] as const)
    it(`are read or refused, whatever one attribute of the ${document} says`, () => {
      const good = shop(usual)
      const root = parseXml(good[document])
      for (const change of changesOf(root)) runs({ ...good, [document]: text(root, change) })
    })

  it('are read or refused, whatever several attributes and elements say', () => {
    const good = shop(usual)
    const roots = { definition: parseXml(good.definition), configuration: parseXml(good.configuration) }
    const value = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme' }).map(writable))
    const change = fc.record({ at: fc.nat(), attribute: fc.option(fc.nat()), value, times: fc.constantFrom(0, 2, 30) })
    const changes = fc.array(change, { maxLength: 4 })
    fc.assert(
      fc.property(changes, changes, (first, second) => {
        runs({
          definition: changed(roots.definition, first),
          configuration: changed(roots.configuration, second),
        })
      }),
      { numRuns: 400 },
    )
  })

  it('are refused in a few sentences when they hold an element many times', () => {
    const good = shop(usual)
    for (const document of ['definition', 'configuration'] as const) {
      const root = parseXml(good[document])
      const kinds = new Map([...elementsOf(root)].map((element) => [element.local, element]))
      for (const element of kinds.values())
        if (element !== root) {
          runs({ ...good, [document]: text(root, { element, times: 5_000 }) })
          runs({ ...good, [document]: text(root, { element, times: 20_000 }) })
        }
    }
  })

  it('are refused when they are long or deep', () => {
    for (const inside of [
      'x'.repeat(2_000_000),
      `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`,
      '<a '.repeat(300_000),
    ])
      for (const document of ['definition', 'configuration'] as const) {
        const good = shop(usual)
        assert.equal(runs({ ...good, [document]: good[document].replace(/<\/Service\w+>$/, `${inside}$&`) }), 'refused')
      }
  })
})

/** What becomes of documents that are read, packed, matched, placed and served; every fault is a value, and no number is out of bounds. */
function runs(documents: { readonly definition: string; readonly configuration: string }): 'refused' | 'placed' {
  const definition = readDefinition(documents.definition)
  const configuration = readConfiguration(documents.configuration)
  assertTold(definition)
  assertTold(configuration)
  if (!definition.value || !configuration.value) return 'refused'
  const expanded = expandPlugins(definition.value)
  assertTold(expanded)
  if (!expanded.value) return 'refused'
  const { roles } = expanded.value
  const software = Object.fromEntries(roles.map(({ name }) => [name, `${name}.cssx`]))
  const rd = writeServiceModel(expanded.value, { base: 'Shop', software, guid: () => '0' })
  assert.deepEqual(
    [...readSoftwareLinks('rd', rd).keys()],
    roles.map(({ name }) => name),
  )
  writeServiceContract(expanded.value)
  const parts = roles.map((role, index) => {
    const model = roleModelOf(role, { version: '1', pluginSettings: pluginSettingsOf(role) })
    const [roleModel, runtimeSetup] = [writeRoleModel(model), writeRuntimeSetup(role)]
    const streams = writeNamedStreams(definition.value?.roles[index] ?? role, '1')
    const [supportData = ''] = Object.entries(streams).flatMap(([path, text]) =>
      path.startsWith('SupportData') ? text : [],
    )
    const part = (name: string, text: string) => ({ name, text })
    const contents = { files: 1, bytes: 1 }
    return [
      role.name,
      {
        roleModel: part('RoleModel.xml', roleModel),
        runtimeSetup: part('RuntimeSetup', runtimeSetup),
        supportData: part('SupportData', supportData),
        contents,
      },
    ] as const
  })
  const packed = modelOf({
    kind: 'legacy',
    definition: { name: 'ServiceDefinition.csdef', text: writePackagedDefinition(expanded.value) },
    productVersion: '',
    roles: Object.fromEntries(parts),
  })
  assert.deepEqual(packed.errors, [], 'what is packed is read again')
  assert.ok(packed.value)
  const match = matchConfiguration(packed.value.definition, configuration.value, new Set([thumbprint]))
  assert.ok(validationErrorText(match.errors).length < mostText)
  return match.errors.length > 0 ? 'refused' : placed(packed.value, documents.configuration)
}

/** A person is to read it: fifty faults of some hundred characters. */
const mostText = 60_000

function assertTold({ errors, warnings, value }: Reading<unknown>): void {
  assert.equal(value === undefined, errors.length > 0)
  assert.ok([...errors, ...warnings].join('\n').length < mostText, 'what is told is for a person')
}

function placed(model: ServiceModel, configuration: string): 'refused' | 'placed' {
  const fabric = fabricOf({ ...shipped(), model })
  for (const name of ['a', 'b']) fabric.host(name, { cores: 4, firstPort: 1_024 })
  fabric.ask(createShop)
  fabric.ask({ kind: 'addServiceCertificates', service: 'shop', certificates: [{ thumbprint, data: thumbprint }] })
  fabric.ask(createDeployment({ configuration }))
  if (fabric.instances().length === 0) return 'refused'
  fabric.acknowledge()
  fabric.report('ReadyRole')
  // What is stored has become JSON.
  const one = fabric.restarted()

  const view = one.view()
  assert.equal(view.instances.length, one.instances().length)
  for (const { endpoints } of view.instances)
    for (const { localPort, publicPort = 1 } of endpoints) for (const port of [localPort, publicPort]) assertPort(port)
  for (const host of ['a', 'b']) for (const { guest } of goalOf(one.state, host).instances) served(model, guest)
  const table = rotationOf(one.state)
  let balancer = balancerAgent.receive(firstState('b', 15_000), { kind: 'table', table }, 0)
  for (const subject of balancer.touched)
    for (const action of balancerAgent.decide(balancer.state, subject, 0).actions)
      if (action.kind === 'serve')
        balancer = balancerAgent.settle(
          balancer.state,
          action,
          { kind: 'serve', served: { boundPorts: {}, failed: {}, busy: [] } },
          0,
        )
  for (const { port, idleTimeoutMs, members } of table.endpoints) {
    assertPort(port)
    assertTimer(idleTimeoutMs)
    for (const { probe } of members) for (const ms of [probe?.intervalMs ?? 1, probe?.timeoutMs ?? 1]) assertTimer(ms)
  }
  return 'placed'
}

/** The documents and directories of one guest, and the variables of its programs. */
function served(model: ServiceModel, guest: GuestSpecification): void {
  const content: GuestConfiguration = {
    goalStateIncarnation: 1,
    specification: guest,
    software: '/software',
    softwareSha256: 'sha',
    root: 1,
    keepFormerRoot: false,
  }
  parseXml(writeHostingEnvironmentConfig(content))
  parseXml(writeSharedConfig(content))
  const { specification } = readFullConfig(writeFullConfig(content))
  // Who may call an endpoint is the host's to know.
  const plain = (value: GuestSpecification): unknown =>
    JSON.parse(JSON.stringify(value, (name, part) => (name === 'callers' ? undefined : part)))
  assert.deepEqual(plain(specification), plain(guest))
  for (const { name } of specification.localResources) {
    const path = realPath('/guest', localResourceDirectory(specification, name))
    assert.ok(path && path.split('/').every((part) => Buffer.byteLength(part) <= 255), `${name} is a directory`)
  }
  const environment = roleEnvironmentOf(specification, '/guest')
  const { settings, localResources } = readRoleEnvironment(writeRoleEnvironment(environment)).currentInstance
  assert.deepEqual(settings, environment.currentInstance.settings)
  assert.deepEqual(localResources, environment.currentInstance.localResources)
  const roleModel = model.roleModels[guest.role]
  assert.ok(roleModel)
  planRole(roleModel, { file: '' }, 'WorkerRole')
  for (const variables of [roleModel.runtime.environment, ...roleModel.tasks.map((task) => task.environment)]) {
    const result = withVariables({}, variables, environment)
    assert.ok(result.ok)
    for (const variable of variables)
      assert.ok(Object.hasOwn(result.value, variable.name) || 'xpath' in variable, `${variable.name} is set`)
  }
}

function assertPort(port: number): void {
  assert.ok(Number.isInteger(port) && port >= 1 && port <= 65_535, `${port} is a port`)
}

/** What a timer of Node takes. */
function assertTimer(ms: number): void {
  assert.ok(Number.isInteger(ms) && ms >= 1 && ms <= 2 ** 31 - 1, `${ms} is a time`)
}

/** An element that says something else, or stands several times. */
interface Change {
  readonly element: Element
  readonly attribute?: string
  readonly value?: string
  readonly times?: number
}

function* elementsOf(root: Element): Generator<Element> {
  yield root
  for (const child of root.children) yield* elementsOf(child)
}

function* changesOf(root: Element): Generator<Change> {
  for (const element of elementsOf(root)) {
    for (const attribute of Object.keys(element.attributes))
      for (const value of hostile) yield { element, attribute, value }
    for (const attribute of ['__proto__', 'constructor']) yield { element, attribute, value: 'x' }
    for (const attribute of Object.keys(element.attributes)) yield { element, attribute }
    for (const times of [0, 2, 3]) yield { element, times }
  }
}

/** Without what XML cannot hold. */
function writable(value: string): string {
  return value.replace(/[^\t\n\u0020-\u{10FFFF}]|\p{Cs}|[\uFFFE\uFFFF]/gu, '')
}

/** A change as chance draws it. */
interface Drawn {
  readonly at: number
  readonly attribute: number | null
  readonly value: string
  readonly times: number
}

function changed(root: Element, drawn: readonly Drawn[]): string {
  const all = [...elementsOf(root)]
  const changes = drawn.map(({ at, attribute, value, times }): Change => {
    const element = all[at % all.length] as Element
    const names = Object.keys(element.attributes)
    const name = attribute === null ? undefined : names[attribute % names.length]
    return name === undefined ? { element, times } : { element, attribute: name, value }
  })
  return text(root, ...changes)
}

/** The document with changes; a change without a value takes the attribute away. */
function text(root: Element, ...changes: readonly Change[]): string {
  const write = (element: Element): readonly Markup[] => {
    const own = changes.filter((change) => change.element === element)
    const attributes = new Map(Object.entries(element.attributes))
    for (const { attribute, value } of own)
      if (attribute !== undefined && value === undefined) attributes.delete(attribute)
      else if (attribute !== undefined && value !== undefined) attributes.set(attribute, value)
    const declared = element === root ? { xmlns: root.namespace } : {}
    const markup = xml(
      element.local,
      { ...declared, ...Object.fromEntries(attributes) },
      element.children.flatMap(write),
    )
    const times = own.find((change) => change.times !== undefined)?.times ?? 1
    return Array.from({ length: element === root ? 1 : times }, () => markup)
  }
  return write(root)[0]?.markup ?? ''
}
