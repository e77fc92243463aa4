/** Diagnostics as a user sets it up: the plug-in in the definition, the account in the configuration, a .wadcfg among the files. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { type StorageAccount, startStorageAccount } from '../storage-account.ts'
import { until } from '../until.ts'
import { makeHouse } from './house.ts'

// Guests with a network of their own do not reach an account on this machine.
const house = makeHouse(['--isolation', 'process', '--timer', 'settleTime=300ms', '--timer', 'transferPeriodLeast=1s'])
let account: StorageAccount
before(async () => {
  account = await startStorageAccount()
  await house.up()
})
after(async () => {
  await house.dispose()
  await account.end()
})

const schema = 'http://schemas.microsoft.com/ServiceHosting'

const connection = () =>
  `<ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString" value="${account.connectionString}" /></ConfigurationSettings>`

function write(name: string, files: Readonly<Record<string, string>>): string {
  const directory = join(house.data, name)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

function writeService(): string {
  const directory = write('logged', {
    'ServiceDefinition.csdef': `<ServiceDefinition name="Logged" xmlns="${schema}/2008/10/ServiceDefinition"><WorkerRole name="W" vmsize="ExtraSmall">
      <Imports><Import moduleName="Diagnostics" /></Imports>
      <Runtime><EntryPoint><ProgramEntryPoint commandLine="serve.sh" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
    </WorkerRole></ServiceDefinition>`,
    'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Logged" xmlns="${schema}/2008/10/ServiceConfiguration"><Role name="W"><Instances count="2" />
      ${connection()}</Role></ServiceConfiguration>`,
    'W/diagnostics.wadcfg': `<DiagnosticMonitorConfiguration xmlns="${schema}/2010/10/DiagnosticsConfiguration"><Logs scheduledTransferPeriod="PT1S" /><CrashDumps /></DiagnosticMonitorConfiguration>`,
    'W/serve.sh': '#!/bin/sh\necho $RoleInstanceID runs; while :; do sleep 0.1; done\n',
  })
  chmodSync(join(directory, 'W/serve.sh'), 0o755)
  return directory
}

it('brings what every instance writes into the table of its account (P-11 to P-16)', async () => {
  const { code, stderr } = await house.reddog('deploy', writeService(), '--service', 'logged')
  assert.equal(code, 0, stderr)
  const warnings = stderr.split('\n').filter((line) => /passed over/.test(line))
  assert.deepEqual(warnings.length, 1, stderr)
  assert.match(warnings[0] ?? '', /Role W: diagnostics\.wadcfg\(1\): CrashDumps is passed over/)
  const found = async () => {
    const rows = await account.rows('WADLogsTable')
    return rows
      .filter(({ Message }) => String(Message).endsWith(' runs'))
      .map((row) => [row['Role'], row['RoleInstance'], row['Message']])
  }
  await until(async () => (await found()).length >= 2, 'both instances have their rows')
  assert.deepEqual(
    (await found()).toSorted((one, other) => String(one).localeCompare(String(other))),
    [
      ['W', 'W_IN_0', 'W_IN_0 runs'],
      ['W', 'W_IN_1', 'W_IN_1 runs'],
    ],
  )
})

const web = () => ({
  'ServiceDefinition.csdef': `<ServiceDefinition name="Web" xmlns="${schema}/2008/10/ServiceDefinition"><WebRole name="Web" vmsize="ExtraSmall">
    <Sites>
      <Site name="Shop" physicalDirectory="shop"><Bindings><Binding name="In" endpointName="In" hostHeader="shop.example.com" /></Bindings></Site>
      <Site name="Admin" physicalDirectory="shop"><Bindings><Binding name="In" endpointName="In" hostHeader="admin.example.com" /></Bindings></Site>
    </Sites>
    <Imports><Import moduleName="Diagnostics" /></Imports>
    <Endpoints><InputEndpoint name="In" protocol="http" port="80" /></Endpoints>
  </WebRole></ServiceDefinition>`,
  'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Web" xmlns="${schema}/2008/10/ServiceConfiguration"><Role name="Web"><Instances count="1" />${connection()}</Role></ServiceConfiguration>`,
  'Web/diagnostics.wadcfg': `<DiagnosticMonitorConfiguration xmlns="${schema}/2010/10/DiagnosticsConfiguration">
    <Directories scheduledTransferPeriod="PT1S"><IISLogs container="wad-iis-logfiles" directoryQuotaInMB="100" /></Directories></DiagnosticMonitorConfiguration>`,
  'shop/index.html': 'welcome',
})

it('brings the web logs of a web role into wad-iis-logfiles, and shows them as logs (P-15, P-17, I-35, G-9, G-12)', async () => {
  const { code, stdout, stderr } = await house.reddog('deploy', write('web', web()), '--service', 'web', '--json')
  assert.equal(code, 0, stderr)
  assert.doesNotMatch(stderr, /IISLogs/)
  const { addresses } = JSON.parse(stdout) as { addresses: readonly string[] }
  const ask = (path: string, host: string) =>
    execFileSync(
      'curl',
      ['-s', '--max-time', '30', '-H', `Host: ${host}.example.com`, new URL(path, addresses[0]).href],
      { encoding: 'utf8' },
    )
  for (const host of ['shop', 'admin']) assert.equal(ask(`/?of=${host}`, host), 'welcome')
  ask('/', 'nobody')

  const brought = async (site: number) =>
    Object.entries(await account.blobs('wad-iis-logfiles'))
      .filter(([name]) => new RegExp(`^[0-9a-f]{32}/Web/Web_IN_0/Web/W3SVC${site}/u_ex\\d{8}\\.log$`).test(name))
      .map(([, text]) => text)
      .join('')
  await until(async () => / GET \/ of=shop /.test(await brought(1)), 'the web log of the first site')
  await until(async () => / GET \/ of=admin /.test(await brought(2)), 'the web log of the second site')
  // The same file goes on growing.
  ask('/?of=later', 'shop')
  await until(async () => / of=shop [^]* of=later /.test(await brought(1)), 'what has been written since')
  const names = Object.keys(await account.blobs('wad-iis-logfiles'))
  assert.ok(
    names.every((name) => !name.includes('/Web/Web/')),
    names.join(' '),
  )
  await until(async () => {
    const rows = await account.rows('WADDirectoriesTable')
    return names.every((name) => rows.some((row) => row['RelativePath'] === name))
  }, 'each file has its row')

  const logs = async (...words: readonly string[]) =>
    (await house.reddog('logs', 'Web_IN_0', ...words, '--service', 'web')).stdout
  await until(async () => (await logs()).includes('HTTPERR'), 'the listener has written of nobody.example.com')
  assert.deepEqual((await logs()).match(/^(?:W3SVC\d+|HTTPERR)$/gm), ['HTTPERR', 'W3SVC1', 'W3SVC2'])
  assert.match(await logs('W3SVC2'), / W3SVC2 [^\n]* GET \/ of=admin /)
  assert.match(await logs('HTTPERR'), /#Software: Microsoft HTTP API 2\.0/)
  const { stderr: paths } = await house.reddog('logs', 'Web_IN_0', 'W3SVC1', '--service', 'web')
  assert.match(
    paths,
    /C:\\Resources\\Directory\\[0-9a-f]{32}\.Web\.DiagnosticStore\\LogFiles\\W3SVC1\\u_ex\d{8}\.log  is  \//,
  )
})
