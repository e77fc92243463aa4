import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { differences, firstDifference } from '../../src/service-model/compare.ts'
import { expandPlugins, pluginSettingsOf } from '../../src/service-model/expand-plugins.ts'
import { roleModelOf } from '../../src/service-model/role-model-of.ts'
import type { ServiceModel } from '../../src/service-model/service-model.ts'
import { definitionOf, valueOf, web, worker } from './documents.ts'

/** The model of the package that packing would make of a definition. */
function modelOf(content: string, attributes = '', version = '1.0.0.0'): ServiceModel {
  const definition = valueOf(expandPlugins(definitionOf(content, attributes)))
  const models = definition.roles.map((role) => [
    role.name,
    roleModelOf(role, { version, properties: { OutputDir: version }, pluginSettings: pluginSettingsOf(role) }),
  ])
  return {
    definition,
    roleModels: Object.fromEntries(models),
    sdkVersion: version,
    packageKind: 'legacy',
    entryPointFiles: {},
    contents: {},
  }
}

const endpoint = (port: number) => `<Endpoints><InternalEndpoint name="E" protocol="tcp" port="${port}" /></Endpoints>`
const storage = (attributes: string) => `<LocalResources><LocalStorage name="L" ${attributes} /></LocalResources>`
const setting = (name: string) => `<ConfigurationSettings><Setting name="${name}" /></ConfigurationSettings>`
const start = (command: string) => `<Startup><Task commandLine="${command}" /></Startup>`
const certificate = '<Certificates><Certificate name="C" storeLocation="LocalMachine" storeName="My" /></Certificates>'
const run = (command: string) =>
  `<Runtime><EntryPoint><ProgramEntryPoint commandLine="${command}" setReadyOnProcessStart="true" /></EntryPoint></Runtime>`

describe('service models that are the same (U-5)', () => {
  const same: readonly (readonly [situation: string, current: string, next: string])[] = [
    [
      'order, comments and defaults',
      web() + worker(endpoint(7) + setting('A')),
      `<!-- new --><WorkerRole vmsize="Small" name="Worker">${setting('A')}${endpoint(7)}</WorkerRole>${web()}`,
    ],
    ['the name of a size', worker('', 'name="W" vmsize="Small"'), worker('', 'name="W" vmsize="A1"')],
    [
      'a port spelled as a range',
      worker(endpoint(7)),
      worker(
        '<Endpoints><InternalEndpoint name="E" protocol="tcp"><FixedPortRange min="7" max="7" /></InternalEndpoint></Endpoints>',
      ),
    ],
  ]
  for (const [situation, current, next] of same)
    it(`differ at most in ${situation}`, () =>
      assert.equal(firstDifference(modelOf(current), modelOf(next)), undefined))

  it('differ at most in the version of the tool and build paths', () => {
    const content = web(start('setup.cmd'))
    assert.equal(
      firstDifference(modelOf(content), modelOf(content, 'schemaVersion="2015-04.2.6"', '2.0.0.0')),
      undefined,
    )
  })
})

describe('differences by the rows of table 7.1', () => {
  const table: readonly (readonly [current: string, next: string, kind: string, text: RegExp])[] = [
    [worker(), worker() + web(), 'roleAdded', /the role Web would be added/],
    [worker() + web(), worker(), 'roleRemoved', /the role Web would be removed/],
    [
      '<WebRole name="R" />',
      '<WorkerRole name="R" />',
      'roleType',
      /role R: it is a WebRole and would become a WorkerRole/,
    ],
    [
      worker(),
      worker('', 'name="Worker" vmsize="Medium"'),
      'size',
      /role Worker: the vmsize is Small and would become Medium/,
    ],
    [worker(), worker('', 'name="Worker" enableNativeCodeExecution="false"'), 'trustLevel', /trust level/],
    [worker(), worker(storage('')), 'localResourceIncrease', /the local storage L would be added/],
    [
      worker(storage('sizeInMB="1"')),
      worker(storage('sizeInMB="2"')),
      'localResourceIncrease',
      /has 1 MB.* and would have 2 MB/,
    ],
    [worker(storage('sizeInMB="2"')), worker(storage('sizeInMB="1"')), 'localResourceDecrease', /has 2 MB/],
    [worker(storage('cleanOnRoleRecycle="false"')), worker(storage('')), 'localResourceDecrease', /cleaned on recycle/],
    [worker(storage('')), worker(), 'localResourceDecrease', /the local storage L would be removed/],
    [worker(endpoint(7)), worker(endpoint(8)), 'endpoints', /the endpoint E would be changed/],
    [worker(), worker(endpoint(8)), 'endpoints', /the endpoint E would be added/],
    [
      worker(),
      `<LoadBalancerProbes><LoadBalancerProbe name="P" protocol="tcp" /></LoadBalancerProbes>${worker()}`,
      'endpoints',
      /probe P would be added/,
    ],
    [worker(setting('A')), worker(), 'settings', /the setting A would be removed/],
    [worker(), worker(certificate), 'certificates', /the certificate C would be added/],
    [worker(start('a.cmd')), worker(start('b.cmd')), 'code', /startup task 1 is "a\.cmd" and would become "b\.cmd"/],
    [worker(), worker(start('b.cmd')), 'code', /the startup task "b\.cmd" would be added/],
    [worker(run('a')), worker(run('b')), 'code', /the entry point would change/],
    [
      web(),
      web().replace('endpointName="Http"', 'endpointName="Http" hostHeader="shop.example"'),
      'code',
      /the site Main would be changed/,
    ],
  ]
  for (const [current, next, kind, text] of table)
    it(`names ${kind}: ${text.source}`, () => {
      const found = differences(modelOf(current), modelOf(next))
      assert.equal(found[0]?.kind, kind)
      assert.match(firstDifference(modelOf(current), modelOf(next)) ?? '', text)
    })

  it('names what belongs to the whole service', () => {
    const kinds = differences(
      modelOf(worker()),
      modelOf(worker(), 'upgradeDomainCount="2" topologyChangeDiscovery="Blast"'),
    ).map(({ kind, role }) => [kind, role])
    assert.deepEqual(kinds, [
      ['upgradeDomainCount', ''],
      ['topologyChangeDiscovery', ''],
    ])
  })
})
