/** `reddog doctor` as a script meets it: exit codes and one object (design.md 6). */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { bundleOf } from '../bundle.ts'

const main = bundleOf('reddog')
const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
let directory: string

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'reddog-doctor-'))
  const put = (path: string, text: string) => {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  put(
    'shop/ServiceDefinition.csdef',
    `<ServiceDefinition name="shop" xmlns="${schema}/ServiceDefinition"><WorkerRole name="W"><Imports><Import moduleName="Diagnostics"/></Imports><Startup><Task commandLine="setup.cmd"/></Startup><Runtime><EntryPoint><ProgramEntryPoint commandLine="run.exe" setReadyOnProcessStart="true"/></EntryPoint></Runtime></WorkerRole></ServiceDefinition>`,
  )
  put(
    'shop/shop.cscfg',
    `<ServiceConfiguration serviceName="shop" xmlns="${schema}/ServiceConfiguration"><Role name="W"><Instances count="2"/><ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString" value="UseDevelopmentStorage=true"/></ConfigurationSettings></Role></ServiceConfiguration>`,
  )
  put('shop/W/setup.cmd', 'npm install')
  put(
    'shop/W/Diagnostics.wadcfg',
    `<DiagnosticMonitorConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2010/10/DiagnosticsConfiguration">
      <CrashDumps/></DiagnosticMonitorConfiguration>`,
  )
  put(
    'site/ServiceDefinition.csdef',
    `<ServiceDefinition name="site" xmlns="${schema}/ServiceDefinition"><WebRole name="W"><Sites><Site name="Web"><Bindings><Binding name="b" endpointName="In"/></Bindings></Site></Sites><Endpoints><InputEndpoint name="In" protocol="http" port="80"/></Endpoints></WebRole></ServiceDefinition>`,
  )
  put(
    'site/site.cscfg',
    `<ServiceConfiguration serviceName="site" xmlns="${schema}/ServiceConfiguration"><Role name="W"><Instances count="1"/></Role></ServiceConfiguration>`,
  )
  put('site/W/Web.config', '<configuration>\n<system.webServer>\n<caching/></system.webServer></configuration>')
  put('site/W/admin/web.CONFIG', '<configuration>\n<system.webServer>')
  for (const program of ['wine', 'wineserver']) {
    put(`with-wine/${program}`, '#!/bin/sh\n')
    chmodSync(join(directory, 'with-wine', program), 0o755)
  }
  for (const name of ['a', 'b', 'c'])
    put(
      `site/W/${name}/web.config`,
      `<configuration><system.webServer>${'<odd/>'.repeat(60)}</system.webServer></configuration>`,
    )
  put('overlay/W/approot/setup.sh', '#!/bin/sh\n')
  put('overlay/W/approot/run.sh', '#!/bin/sh\n')
})
after(() => rmSync(directory, { recursive: true }))

function doctor(...words: readonly string[]) {
  return doctorOf('shop', ...words)
}

function doctorOf(...words: readonly string[]) {
  return doctorOn('without-wine', ...words)
}

/** `machine`: the directory that is all of its PATH. */
function doctorOn(machine: string, ...words: readonly string[]) {
  const { status, stdout } = spawnSync(process.execPath, [main, 'doctor', ...words], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, PATH: join(directory, machine) },
  })
  return { code: status, stdout }
}

describe('doctor', () => {
  it('names every file that an overlay must hold, and ends with 1', () => {
    const { code, stdout } = doctor('--json')
    const answer = JSON.parse(stdout) as Record<string, unknown>
    assert.equal(code, 1)
    assert.deepEqual([answer['runs'], answer['overlay']], [false, ['W/approot/setup.sh', 'W/approot/run.sh']])
    assert.match(doctor().stdout, /\nW, 2 instances\n[^]*NEEDS AN OVERLAY[^]*\n {2}W\/approot\/run\.sh\n$/)
  })

  it('ends with 0 once the overlay holds them', () => {
    const { code, stdout } = doctor('--overlay', 'overlay', '--json')
    const answer = JSON.parse(stdout) as Record<string, unknown>
    assert.deepEqual([code, answer['runs'], answer['overlay']], [0, true, []])
    const said = doctor('--overlay', 'overlay').stdout
    assert.match(said, /\nIt runs here\.\n$/)
    assert.match(said, /diagnostics\.wadcfg\(2\): CrashDumps is passed over: what it asks for exists on Windows alone/)
    assert.match(said, /Diagnostics of role 'W' transfers nothing, unless [^\n]* is UseDevelopmentStorage=true/)
  })

  it('reads each web.config of a web role, and names its lines', () => {
    const { code, stdout } = doctorOf('site')
    assert.equal(code, 0)
    assert.match(
      stdout,
      /Role W has 5 files web\.config, and more is to be said of them: [^\n]* the first 100 findings are told/,
    )
    assert.match(stdout, /Role W: approot\/Web\.config\(3\): the section caching is passed over\./)
    assert.match(
      stdout,
      /approot\/admin\/web\.CONFIG\(2\): not well-formed XML: [^\n]* answers 500\.19 for that directory/,
    )
  })

  it('names the wine that would run a batch file, and where the machine has it, asks for no stand-in', {
    skip: process.arch !== 'x64' && 'programs for x64',
  }, () => {
    assert.match(doctor().stdout, /"setup\.cmd" is a program for Windows .* apt-get install .*wine\./)
    const { code, stdout } = doctorOn('with-wine', 'shop')
    assert.equal(code, 1)
    assert.match(stdout, /startup task {2}setup\.cmd\n {6}runs by wine\. "setup\.cmd" of the package/)
    assert.match(stdout, /has to hold:\n {2}W\/approot\/run\.sh\n$/)
  })
})
