/** Diagnostics as a user sets it up: the plug-in in the definition, the account in the configuration, a .wadcfg among the files. */
import assert from 'node:assert/strict'
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

function writeService(): string {
  const directory = join(house.data, 'logged')
  const files = {
    'ServiceDefinition.csdef': `<ServiceDefinition name="Logged" xmlns="${schema}/2008/10/ServiceDefinition"><WorkerRole name="W" vmsize="ExtraSmall">
      <Imports><Import moduleName="Diagnostics" /></Imports>
      <Runtime><EntryPoint><ProgramEntryPoint commandLine="serve.sh" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
    </WorkerRole></ServiceDefinition>`,
    'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Logged" xmlns="${schema}/2008/10/ServiceConfiguration"><Role name="W"><Instances count="2" />
      <ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString" value="${account.connectionString}" /></ConfigurationSettings></Role></ServiceConfiguration>`,
    'W/diagnostics.wadcfg': `<DiagnosticMonitorConfiguration xmlns="${schema}/2010/10/DiagnosticsConfiguration"><Logs scheduledTransferPeriod="PT1S" /><CrashDumps /></DiagnosticMonitorConfiguration>`,
    'W/serve.sh': '#!/bin/sh\necho $RoleInstanceID runs; while :; do sleep 0.1; done\n',
  }
  mkdirSync(join(directory, 'W'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
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
