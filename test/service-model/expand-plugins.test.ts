import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RoleDefinition } from '../../src/service-model/definition.ts'
import { expandPlugins, pluginSettingsOf } from '../../src/service-model/expand-plugins.ts'
import { knownPluginDocuments, knownPlugins } from '../../src/service-model/known-plugins.ts'
import { readPlugin } from '../../src/service-model/read-plugin.ts'
import { definitionOf, valueOf, web, worker } from './documents.ts'

const imports = (...names: readonly string[]) =>
  `<Imports>${names.map((name) => `<Import moduleName="${name}" />`).join('')}</Imports>`
const task = '<Startup><Task commandLine="own.cmd" /></Startup>'
const prefix = 'Microsoft.WindowsAzure.Plugins'
const plugin = (content: string) =>
  valueOf(
    readPlugin(
      `<RoleModule namespace="N" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition">${content}</RoleModule>`,
    ),
  )
function expandedRole(content: string, modules = knownPlugins): RoleDefinition {
  return valueOf(expandPlugins(definitionOf(content), modules)).roles[0] as RoleDefinition
}

describe('the expansion of plug-ins (section 5, P-9)', () => {
  it('finds a module whatever the case of its name, under the name of its directory', () => {
    const role = expandedRole(worker(imports('REMOTEaccess')))
    assert.deepEqual(role.imports, ['RemoteAccess'])
    assert.deepEqual(
      role.tasks.map(({ relativePath }) => relativePath),
      ['plugins\\RemoteAccess', 'plugins\\RemoteAccess'],
    )
  })

  it('brings settings, endpoints and certificates under full names', () => {
    const role = expandedRole(worker(imports('Diagnostics', 'RemoteAccess', 'RemoteForwarder')))
    assert.deepEqual(role.settings, [
      `${prefix}.Diagnostics.ConnectionString`,
      `${prefix}.RemoteAccess.Enabled`,
      `${prefix}.RemoteAccess.AccountUsername`,
      `${prefix}.RemoteAccess.AccountEncryptedPassword`,
      `${prefix}.RemoteAccess.AccountExpiration`,
      `${prefix}.RemoteForwarder.Enabled`,
    ])
    assert.deepEqual(role.internalEndpoints, [
      { name: `${prefix}.RemoteAccess.Rdp`, protocol: 'tcp', range: { min: 3389, max: 3389 } },
    ])
    assert.equal(role.inputEndpoints[0]?.name, `${prefix}.RemoteForwarder.RdpInput`)
    assert.equal(role.inputEndpoints[0]?.localPort, '*')
    assert.equal(role.inputEndpoints[0]?.ignoreRoleInstanceStatus, true)
    assert.equal(role.certificates[0]?.name, `${prefix}.RemoteAccess.PasswordEncryption`)
    assert.equal(role.certificates[0]?.permissionLevel, 'elevated')
  })

  it('runs tasks by priority, then in the order of the imports, the own ones last (S-23)', () => {
    const { tasks } = expandedRole(worker(task + imports('RemoteAccess', 'Diagnostics')))
    assert.deepEqual(
      tasks.map(({ commandLine, taskType, relativePath }) => [commandLine, taskType, relativePath]),
      [
        ['DiagnosticsAgent.exe', 'background', 'plugins\\Diagnostics'],
        ['DiagnosticsAgent.exe /blockStartup', 'simple', 'plugins\\Diagnostics'],
        ['RemoteAccessAgent.exe', 'background', 'plugins\\RemoteAccess'],
        ['RemoteAccessAgent.exe /blockStartup', 'simple', 'plugins\\RemoteAccess'],
        ['own.cmd', 'simple', undefined],
      ],
    )
  })

  it('honours the priority of the role itself (S-23)', () => {
    const { tasks } = expandedRole(
      worker(task.replace('<Startup>', '<Startup priority="-9">') + imports('Diagnostics')),
    )
    assert.equal(tasks[0]?.commandLine, 'own.cmd')
  })

  it('tells every task the kind of its role as soon as there is an import, and none otherwise', () => {
    const { tasks } = expandedRole(web(task + imports('Diagnostics')))
    const names = tasks.map(({ environment }) => environment.map(({ name }) => name))
    assert.deepEqual(names, [['RdModuleName', 'WaRoleType'], ['RdModuleName', 'WaRoleType'], ['WaRoleType']])
    assert.deepEqual(tasks[2]?.environment, [{ name: 'WaRoleType', value: 'IISWebRole' }])
    assert.deepEqual(expandedRole(worker(task)).tasks[0]?.environment, [])
  })

  it('gives every role DiagnosticStore, in the size that the definition says (P-11, 2.7)', () => {
    const store = (sizeInMB: number) => ({ name: 'DiagnosticStore', sizeInMB, cleanOnRoleRecycle: false })
    assert.deepEqual(expandedRole(worker()).localResources, [store(4096)])
    const own =
      '<LocalResources><LocalStorage name="DiagnosticStore" sizeInMB="8192" /><LocalStorage name="L" sizeInMB="1" /></LocalResources>'
    assert.deepEqual(expandedRole(worker(own)).localResources, [
      { name: 'L', sizeInMB: 1, cleanOnRoleRecycle: true },
      store(8192),
    ])
  })

  it('lets a role declare a setting of its plug-in itself, as real definitions do', () => {
    const name = `${prefix}.Diagnostics.ConnectionString`
    const role = expandedRole(
      worker(`<ConfigurationSettings><Setting name="${name}" /></ConfigurationSettings>${imports('Diagnostics')}`),
    )
    assert.deepEqual(role.settings, [name])
  })

  it('adds runtime variables, local stores and certificates of endpoints of any plug-in', () => {
    const module = plugin(`<Runtime><Environment><Variable name="V" value="%TMP%" /></Environment></Runtime>
      <LocalResources><LocalStorage name="L" /></LocalResources>
      <Certificates><Certificate name="C" storeLocation="LocalMachine" storeName="My" /></Certificates>
      <Endpoints><InputEndpoint name="E" protocol="https" port="443" certificate="C" /></Endpoints>`)
    const role = expandedRole(worker(imports('Mine')), { Mine: module })
    assert.deepEqual(role.runtime.environment, [{ name: 'V', value: '%TMP%' }])
    assert.equal(role.localResources[0]?.name, 'N.L')
    assert.equal(role.inputEndpoints[0]?.certificate, 'N.C')
    assert.deepEqual(pluginSettingsOf(definitionOf(worker(imports('Diagnostics'))).roles[0] as RoleDefinition), [
      { name: 'ConnectionString', nameSpace: `${prefix}.Diagnostics` },
    ])
  })

  it('refuses an unknown module (P-10), and what only shows after expansion', () => {
    const xpath = `/RoleEnvironment/CurrentInstance/Endpoints/Endpoint[@name='N.X']/@port`
    const variable = `<Runtime><Environment><Variable name="V"><RoleInstanceValue xpath="${xpath}" /></Variable></Environment></Runtime>`
    const port = '<Endpoints><InputEndpoint name="E" protocol="tcp" port="3389" /></Endpoints>'
    const errorsOf = (content: string) => expandPlugins(definitionOf(content)).errors.join()
    assert.match(
      errorsOf(worker(imports('Caching'))),
      /module Caching, which is unknown; there are Diagnostics, RemoteAccess, RemoteForwarder/,
    )
    assert.match(errorsOf(worker(imports('toString'))), /module toString, which is unknown/)
    assert.match(errorsOf(worker(imports('RemoteAccess', 'RemoteForwarder') + port)), /public tcp port 3389/)
    const { errors, warnings } = expandPlugins(definitionOf(worker(imports('Diagnostics') + variable)))
    assert.deepEqual(errors, [])
    assert.match(warnings.join(), /Endpoint N\.X, which the role does not have/)
  })
})

describe('a plug-in document', () => {
  it('is known for what hand-written definitions import', () => {
    assert.deepEqual(Object.keys(knownPlugins), ['Diagnostics', 'RemoteAccess', 'RemoteForwarder'])
    for (const document of Object.values(knownPluginDocuments)) valueOf(readPlugin(document))
  })

  it('needs a namespace and has no entry point', () => {
    const source =
      '<RoleModule xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition"><Runtime><EntryPoint><NetFxEntryPoint assemblyName="a" /></EntryPoint></Runtime></RoleModule>'
    const { errors } = readPlugin(source, { file: 'Mine.csplugin' })
    assert.deepEqual(errors.length, 2)
    assert.match(errors.join(), /Mine\.csplugin\(1\).*EntryPoint/)
  })
})
