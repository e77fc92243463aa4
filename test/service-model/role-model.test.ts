import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RoleDefinition } from '../../src/service-model/definition.ts'
import { expandPlugins } from '../../src/service-model/expand-plugins.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import { readRoleModel } from '../../src/service-model/read-role-model.ts'
import { roleModelOf } from '../../src/service-model/role-model-of.ts'
import { writePackagedDefinition } from '../../src/service-model/write-definition.ts'
import { writeRoleModel } from '../../src/service-model/write-role-model.ts'
import { definitionOf, valueOf, web, worker } from './documents.ts'

const task =
  '<Startup><Task commandLine="setup.cmd &gt; log.txt" executionContext="elevated"><Environment><Variable name="V" value="" /></Environment></Task></Startup>'
const program =
  '<Runtime executionContext="elevated"><EntryPoint><ProgramEntryPoint commandLine="node.cmd" setReadyOnProcessStart="true" /></EntryPoint></Runtime>'
const options = { version: '1.0.0.0', pluginSettings: [] }
function roleOf(content: string): RoleDefinition {
  return valueOf(expandPlugins(definitionOf(content))).roles[0] as RoleDefinition
}

describe('RoleModel.xml (section 6)', () => {
  it('runs tasks of a worker in approot, and says the protocol of a program', () => {
    const model = roleModelOf(roleOf(worker(task + program)), options)
    assert.deepEqual(
      model.tasks.map(({ relativePath }) => relativePath),
      ['approot\\'],
    )
    assert.equal(model.protocolVersion, '2011-03-08')
  })

  it('starts a full-IIS web role with IISConfigurator, one without Sites without (I-1)', () => {
    const full = roleModelOf(roleOf(web(task)), options)
    assert.deepEqual(
      full.tasks.map(({ commandLine, relativePath }) => [commandLine, relativePath]),
      [
        ['IISConfigurator.exe', 'base\\x64'],
        ['setup.cmd > log.txt', 'approot\\bin'],
      ],
    )
    assert.deepEqual(roleModelOf(roleOf('<WebRole name="Web" />'), options).tasks, [])
  })

  it('points each site and virtual path to its directory, approot when nothing is said', () => {
    const site =
      '<WebRole name="Web"><Sites><Site name="A" physicalDirectory="..\\a"><VirtualApplication name="v" physicalDirectory="..\\v"><VirtualDirectory name="w" physicalDirectory="..\\w" /></VirtualApplication><Bindings><Binding name="B" endpointName="Http" /></Bindings></Site></Sites><Endpoints><InputEndpoint name="Http" protocol="http" port="80" /></Endpoints></WebRole>'
    const physicalDirectories = { 'A/v': 'sitesroot\\1', 'A/v/w': 'sitesroot\\2' }
    const [packaged] = roleModelOf(roleOf(site), { ...options, physicalDirectories }).sites ?? []
    assert.equal(packaged?.physicalDirectory, 'approot')
    assert.equal(packaged?.virtualApplications[0]?.physicalDirectory, 'sitesroot\\1')
    assert.equal(packaged?.virtualApplications[0]?.virtualDirectories[0]?.physicalDirectory, 'sitesroot\\2')
  })

  it('is read back as it was written', () => {
    for (const content of [
      web(task + '<Imports><Import moduleName="RemoteAccess" /></Imports>'),
      worker(task + program),
    ]) {
      const pluginSettings = [{ name: 'Enabled', nameSpace: 'N' }]
      const model = roleModelOf(roleOf(content), {
        ...options,
        pluginSettings,
        properties: { TargetFrameworkVersion: 'v4.0' },
      })
      assert.deepEqual(readRoleModel(writeRoleModel(model)), { value: model, errors: [], warnings: [] })
    }
  })

  it('leaves defaults and empty containers out, but keeps Runtime and the Environment of tasks', () => {
    const bare = roleModelOf(roleOf(worker('<Startup><Task commandLine="a" /></Startup>')), options)
    assert.match(
      writeRoleModel(bare),
      /version="1\.0\.0\.0"><Startup><Task commandLine="a" relativePath="approot\\"><Environment\/><\/Task><\/Startup><Runtime\/><\/RoleModel>$/,
    )
  })
})

describe('the reduced definition of a package (package-format.md 2.3)', () => {
  const source = definitionOf(
    `${worker('<Endpoints><InternalEndpoint name="B" protocol="tcp" port="7" /><InternalEndpoint name="A" protocol="any" /><InstanceInputEndpoint name="I" protocol="udp" localPort="1"><AllocatePublicPortFrom><FixedPortRange min="5" max="9" /></AllocatePublicPortFrom></InstanceInputEndpoint></Endpoints><ConfigurationSettings><Setting name="b" /><Setting name="a" /></ConfigurationSettings>')}
     ${web(task, 'name="Web" vmsize="Medium"')}
     <LoadBalancerProbes><LoadBalancerProbe name="Up" protocol="http" path="/up" /></LoadBalancerProbes>
     <NetworkTrafficRules><OnlyAllowTrafficTo><Destinations><RoleEndpoint roleName="Worker" endpointName="B" /></Destinations><WhenSource matches="AnyRule"><FromRole roleName="Web" /></WhenSource></OnlyAllowTrafficTo></NetworkTrafficRules>`,
    'upgradeDomainCount="3" topologyChangeDiscovery="Blast"',
  )
  const text = writePackagedDefinition(valueOf(expandPlugins(source)))

  it('has web roles first, and of each role four containers in order, also when empty', () => {
    assert.match(
      text,
      /<WebRole name="Web" vmsize="Medium"><LocalResources>.*<\/LocalResources><ConfigurationSettings\/><Endpoints>.*<\/Endpoints><Certificates\/><\/WebRole><WorkerRole name="Worker"><LocalResources>/,
    )
    assert.doesNotMatch(text, /Startup|Sites|Runtime/)
  })

  it('sorts settings and endpoints, and writes every local port and fixed ports as ranges', () => {
    assert.match(text, /<Setting name="a"\/><Setting name="b"\/>/)
    assert.match(text, /<InputEndpoint name="Http" protocol="http" port="80" localPort="80"\/>/)
    assert.match(
      text,
      /<InternalEndpoint name="A" protocol="any"\/><InternalEndpoint name="B" protocol="tcp"><FixedPortRange min="7" max="7"\/>/,
    )
  })

  it('says the same service when it is read again', () => {
    const { roles, ...service } = valueOf(readDefinition(text, { packaged: true }))
    assert.deepEqual(service, {
      ...service,
      upgradeDomainCount: 3,
      topologyChangeDiscovery: 'Blast',
      loadBalancerProbes: source.loadBalancerProbes,
      networkTrafficRules: source.networkTrafficRules,
    })
    assert.deepEqual(
      roles.find(({ name }) => name === 'Worker')?.instanceInputEndpoints,
      source.roles[0]?.instanceInputEndpoints,
    )
    assert.equal(roles.find(({ name }) => name === 'Web')?.sites, undefined)
  })
})
