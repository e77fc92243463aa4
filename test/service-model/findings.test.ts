/** What doctor says of a package, and that a guest says the same (design.md 6). */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import * as fc from 'fast-check'
import { fileFinder } from '../../src/machine/guest-os/find-file.ts'
import { shellScript } from '../../src/service-model/command-line.ts'
import { commandFindings, type Grounds } from '../../src/service-model/findings/commands.ts'
import { configurationFindings } from '../../src/service-model/findings/configuration.ts'
import { type Finding, hinders } from '../../src/service-model/findings/finding.ts'
import { passedOver } from '../../src/service-model/findings/passed-over.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import { readRoleModel } from '../../src/service-model/read-role-model.ts'
import type { ServiceModel } from '../../src/service-model/service-model.ts'
import { valueOf } from './documents.ts'

/** Files below the role root. */
const files: Readonly<Record<string, string>> = {
  'approot/Setup.sh': '#!/bin/sh',
  'approot/plain.sh': 'echo',
  'approot/setup.cmd': 'x',
  'approot/other.cmd': 'npm install',
  'approot/hollow.cmd': 'icacls . /grant x\nnetsh x',
  'approot/appcmd.cmd': '%windir%\\system32\\inetsrv\\appcmd list sites\nnpm install',
  'approot/web.cmd': '@echo off\n%windir%\\system32\\inetsrv\\appcmd list sites\nif errorlevel 1 exit /b 0',
  'approot/bin/Tool.exe': 'MZ',
  'approot/bin/run.js': '',
  'approot/text': 'no program',
  'approot/windows': 'MZ',
  'approot/ruby.rb': '#!/usr/bin/env ruby\n',
  'approot/crlf.rb': '#!/usr/bin/ruby\r\n',
  'approot/setup_worker.cmd': '@echo off\r\nexit /b 0',
}

const grounds: Grounds = {
  lookUp(path) {
    const all = [...Object.keys(files), 'approot', 'approot/bin']
    const found = all.find((known) => known.toLowerCase() === path.toLowerCase())
    return found === undefined ? undefined : { path: found, head: () => files[found] ?? '' }
  },
  has: (program) => ['/bin/sh', 'sh', 'node', 'true', 'java', '/usr/bin/env'].includes(program),
  hasWine: false,
}

const namespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition'
const [role] = valueOf(
  readDefinition(
    `<ServiceDefinition name="s" xmlns="${namespace}"><WorkerRole name="W"><LocalResources/><ConfigurationSettings><Setting name="S"/></ConfigurationSettings><Endpoints/><Certificates/></WorkerRole></ServiceDefinition>`,
    { packaged: true },
  ),
).roles

function found(commandLine: string, relativePath = 'approot', on = grounds): readonly Finding[] {
  const variable = `<Environment><Variable name="WHAT"><RoleInstanceValue xpath="/RoleEnvironment/CurrentInstance/ConfigurationSettings/ConfigurationSetting[@name='S']/@value"/></Variable></Environment>`
  const model = `<RoleModel name="W" version="1" xmlns="${namespace}"><Startup><Task commandLine="${escapeXml(commandLine)}" relativePath="${relativePath}">${variable}</Task></Startup><Runtime/></RoleModel>`
  assert.ok(role)
  return commandFindings(role, valueOf(readRoleModel(model)), on)
}

const rows: readonly (readonly [commandLine: string, found: readonly string[], why: string])[] = [
  ['setup.cmd', ['asIs'], 'a stand-in beside it'],
  ['plain.sh', ['asIs'], 'a script without #! runs in sh'],
  ['bin\\RUN.js', ['asIs'], 'another case, back slashes'],
  ['node.exe x', ['recipe'], 'the Node of the machine'],
  ['setup_worker.cmd', ['recipe'], 'the installer of the SDK'],
  ['java -jar x', ['asIs'], 'a program of the machine'],
  ['echo one', ['asIs'], 'the shell itself'],
  ['other.cmd', ['needsOverlay W/approot/other.sh'], 'a program for Windows'],
  ['bin\\tool.exe', ['needsOverlay W/approot/bin/tool.sh'], 'in its directory'],
  ['%RoleRoot%\\approot\\bin\\tool.exe', ['needsOverlay W/approot/bin/tool.sh'], 'by the role root'],
  ['%windir%\\system32\\reg.exe x', ['needsOverlay W/approot/reg.sh'], 'outside of the package'],
  ['%windir%\\system32\\inetsrv\\appcmd.exe list sites', ['recipe'], 'our appcmd (I-53)'],
  ['web.cmd > log', ['recipe'], 'a batch file of appcmd'],
  ['msiexec /i x.msi', ['needsOverlay W/approot/msiexec.sh'], 'a name that the machine has not'],
  ['bin/none x', ['needsOverlay W/approot/bin/none'], 'a file that is not there'],
  ['text', ['needsOverlay W/approot/text'], 'a file that cannot be executed'],
  ['windows', ['needsOverlay W/approot/windows'], 'a program for Windows without its ending'],
  ['ruby.rb', ['needsOverlay W/approot/ruby.rb'], 'an interpreter that the machine has not'],
  ['copy a b', ['needsOverlay W/RoleModel.xml'], 'what no file stands in for'],
  ['powershell -c "Get-Service"', ['needsOverlay W/RoleModel.xml'], 'PowerShell itself'],
  ['%WHAT%', ['asIs'], 'a setting says what'],
  [
    'other.cmd && cmd /c "bin\\tool.exe & setup.cmd" || del x',
    ['needsOverlay W/approot/other.sh', 'needsOverlay W/approot/bin/tool.sh', 'asIs', 'needsOverlay W/RoleModel.xml'],
    'all of a line at once',
  ],
]

describe('what becomes of a command line', () => {
  for (const [commandLine, expected, why] of rows)
    it(`${commandLine}: ${why}`, () => {
      const seen = found(commandLine)
      assert.deepEqual(
        seen.map(({ verdict, file }) => (file === undefined ? verdict : `${verdict} ${file}`)),
        expected,
      )
      for (const { reason } of seen) assert.match(reason, /^["A-Z].*\.$/s, reason)
    })

  it('where the machine has wine', () => {
    const seen = (line: string) => found(line, 'approot', { ...grounds, hasWine: true })
    assert.deepEqual(
      seen('other.cmd & setup.cmd & bin\\tool.exe').map(({ verdict }) => verdict),
      ['wine', 'asIs', 'needsOverlay'],
    )
    const hollow = seen('hollow.cmd').map(({ verdict, reason }) => `${verdict}: ${reason}`)
    assert.match(
      seen('appcmd.cmd')
        .map(({ verdict, reason }) => `${verdict}: ${reason}`)
        .join('\n'),
      /^wine: .*\npassedOver: "appcmd\.cmd" of role W calls appcmd, which is not there/,
    )
    assert.match(hollow.join('\n'), /^wine: .*\npassedOver: "hollow\.cmd" of role W calls [^:]*: icacls, netsh\./)
  })

  it('in a directory that the package has not', () => {
    const [finding] = found('setup.cmd', 'approot\\gone')
    assert.equal(finding?.verdict, 'cannotRun')
    assert.match(finding?.reason ?? '', /no directory "approot\/gone"/)
  })
})

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

describe('doctor and guest', () => {
  const root = mkdtempSync(join(tmpdir(), 'reddog-findings-'))
  after(() => rmSync(root, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    chmodSync(join(root, path), 0o755)
  }
  const cwd = join(root, 'approot')
  /** Only Windows can do it, or nothing here: what a guest refuses before it asks the system. */
  const refused = /program for Windows and cannot run here|Name it in the definition/

  it('agree on every line of words that mean something to either', () => {
    const names = [
      'setup.cmd',
      'other.cmd',
      'bin\\tool.exe',
      'node',
      'java',
      'copy',
      'powershell -c x',
      'setup_worker.cmd',
      'web.cmd',
      'appcmd.cmd',
      '"%RoleRoot%\\approot\\OTHER.cmd"',
      'C:\\x\\setup.exe',
      'start /w bin\\tool',
      'text',
      'echo',
    ]
    const joints = [' ', ' & ', ' && ', ' || ', ' | ', ' > log ', ' ( ', ' ) ']
    const line = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...joints)), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(line, (parts) => {
        const text = parts.flat().join('').trim()
        const guest = shellScript(text, { RoleRoot: root, CD: cwd }, fileFinder(root, cwd))
        const doctor = found(text).filter(hinders)
        assert.equal(guest.ok, !doctor.some(({ reason }) => refused.test(reason)), text)
      }),
      { numRuns: 500 },
    )
  })
})

describe('an entry point of .NET', () => {
  const inRole = (on: Partial<Grounds>, entryPointFile = 'Worker.dll') => {
    assert.ok(role)
    const model = valueOf(readRoleModel(`<RoleModel name="W" version="1" xmlns="${namespace}"><Runtime/></RoleModel>`))
    const lookUp = (path: string) => (path === 'approot/Worker.dll' ? { path, head: () => 'MZ' } : undefined)
    const seen = commandFindings(role, model, { ...grounds, lookUp, has: () => true, ...on }, entryPointFile)
    return seen.map(({ verdict, reason, file = '' }) => `${verdict} ${file}: ${reason}`)
  }

  it('runs by Mono, or not without it (I-15)', () => {
    assert.deepEqual(inRole({}), ['asIs : A library of .NET, in WaWorkerHost by Mono.'])
    const [without = ''] = inRole({ has: (program) => program !== 'mcs' })
    assert.match(
      without,
      /^cannotRun : The entry point "Worker\.dll" of role W cannot be run: it is a library of \.NET, and this machine has no Mono to run it: install Debian's packages mono-runtime mono-mcs .*\.$/,
    )
  })

  it('has to be in the package', () => {
    assert.deepEqual(inRole({}, 'Other.dll'), [
      'needsOverlay W/approot/Other.dll: The package has no library "Other.dll" for the entry point of role W.',
    ])
  })
})

describe('a configuration', () => {
  it('that names the storage emulator is told so, once for each setting: of its own the plug-in says it', () => {
    const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
    const names = ['Data', 'Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString']
    const settings = names.map((name) => `<Setting name="${name}" value="UseDevelopmentStorage=true"/>`).join('')
    const defined = names.map((name) => `<Setting name="${name}"/>`).join('')
    const definition = `<ServiceDefinition name="s" xmlns="${schema}/ServiceDefinition"><WorkerRole name="W"><ConfigurationSettings>${defined}</ConfigurationSettings></WorkerRole></ServiceDefinition>`
    const text = `<ServiceConfiguration serviceName="s" xmlns="${schema}/ServiceConfiguration"><Role name="W"><Instances count="1"/><ConfigurationSettings>${settings}</ConfigurationSettings></Role></ServiceConfiguration>`
    const found = configurationFindings(valueOf(readDefinition(definition)), text)
    assert.deepEqual(
      found.map(({ verdict, name, reason }) => [verdict, name, /the storage emulator/.test(reason)]),
      [
        ['passedOver', '', true],
        ['passedOver', 'Data', true],
      ],
    )
  })
})

describe('RemoteAccess, where guests', () => {
  const tasks =
    '<Startup><Task commandLine="RemoteAccessAgent.exe" taskType="background" relativePath="plugins\\RemoteAccess"/></Startup>'
  const model = valueOf(
    readRoleModel(`<RoleModel name="W" version="1" xmlns="${namespace}">${tasks}<Runtime/></RoleModel>`),
  )
  const definition = { name: 's', roles: role ? [role] : [], networkTrafficRules: [] }
  const service = { definition, roleModels: { W: model }, entryPointFiles: { W: 'w.mjs' } } as unknown as ServiceModel
  const rows: readonly (readonly [what: string, apart: Parameters<typeof passedOver>[1], warned: boolean])[] = [
    ['share an account and no namespaces', { ownNetworks: false, ownAccounts: false }, true],
    ['have accounts of their own', { ownNetworks: false, ownAccounts: true }, false],
    ['have namespaces of an ordinary user', { ownNetworks: true, ownAccounts: false }, false],
    ['are of a fabric that nobody knows yet', undefined, false],
  ]
  for (const [what, apart, warned] of rows)
    it(`${what}: ${warned ? 'lets nobody in, and the deployment is warned' : 'is not warned of'} (P-28)`, () => {
      const reasons = passedOver(service, apart).map(({ reason }) => reason)
      assert.equal(
        reasons.some((reason) => reason.includes('RemoteAccess of role W lets nobody in')),
        warned,
      )
    })
})
