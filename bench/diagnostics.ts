/**
 * Lines of a role's output that Diagnostics takes and delivers: `node bench/diagnostics.ts`.
 *
 * Takes: a role writes lines of 100 bytes at one pace after the other. Rows are numbered as they are taken, so the numbers of what it says
 * between show whether one was lost. Only these are transferred, as errors.
 * Delivers: a role writes lines at once. The table of its account, Azurite as it is published, says when it had the first and
 * the last; beside it the same rows through the public library into an Azurite of its own. Guests in namespaces would not reach either.
 */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { TableClient } from '@azure/data-tables'
import { type Row, type StorageAccount, startStorageAccount } from '../test/storage-account.ts'
import { startFabric } from './fabric.ts'

/** Lines that are written ten times a second, or as often as the machine lets them, with time to catch up between two paces. */
const bursts = [1_000, 2_500, 5_000, 10_000, 20_000]
const burstsOfEach = 40

/** Few enough that Azurite, which searches a minute's rows for each that comes, is not all that is measured. */
const delivered = 5_000
const rowsAtOnce = 100
const limitMs = 120_000
const table = 'WADLogsTable'
const schema = 'http://schemas.microsoft.com/ServiceHosting'

const line = 'x'.repeat(99)
const paced = bursts.map(
  (lines) => `i=0; began=$(date +%s%N)
while [ $i -lt ${burstsOfEach} ]; do yes ${line} | head -n ${lines} & sleep 0.1; wait; i=$((i+1)); done
ms=$((($(date +%s%N) - began) / 1000000)); sleep 3; echo "<3>written in $ms ms"`,
)

/** A service whose only role runs this script once it is Ready; its directory. */
function makeService(root: string, name: string, connectionString: string, logs: string, script: string): string {
  const directory = join(root, name)
  const files = {
    'ServiceDefinition.csdef': `<ServiceDefinition name="Lines" xmlns="${schema}/2008/10/ServiceDefinition"><WorkerRole name="W" vmsize="Medium">
      <Imports><Import moduleName="Diagnostics" /></Imports>
      <Runtime><EntryPoint><ProgramEntryPoint commandLine="write.sh" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
    </WorkerRole></ServiceDefinition>`,
    'ServiceConfiguration.cscfg': `<ServiceConfiguration serviceName="Lines" xmlns="${schema}/2008/10/ServiceConfiguration"><Role name="W"><Instances count="1" />
      <ConfigurationSettings><Setting name="Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString" value="${connectionString}" /></ConfigurationSettings></Role></ServiceConfiguration>`,
    'W/diagnostics.wadcfg': `<DiagnosticMonitorConfiguration xmlns="${schema}/2010/10/DiagnosticsConfiguration"><Logs scheduledTransferPeriod="PT1S" ${logs} /></DiagnosticMonitorConfiguration>`,
    'W/write.sh': `#!/bin/sh\nsleep 3; echo '<3>begins'\n${script}\necho '<3>ends'\nexec sleep infinity\n`,
  }
  mkdirSync(join(directory, 'W'), { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text, { mode: 0o755 })
  return directory
}

const messageOf = ({ Message }: Row) => String(Message).trim()
const numberOf = ({ rowKey }: Row) => Number(rowKey.split('___').at(-1))

/** Rows of an account once the role's last words are among them. */
async function whenEnded(account: StorageAccount): Promise<readonly Row[]> {
  const began = performance.now()
  for (;;) {
    const rows = await account.rows(table)
    if (rows.some((row) => messageOf(row) === 'ends')) return rows
    assert.ok(performance.now() - began < limitMs, `The last of the lines is not there: ${rows.length} rows are.`)
    await delay(2_000)
  }
}

/** Lines a second that the public library delivers of the same rows, one transaction at a time. */
async function directly(rows: readonly Row[]): Promise<number> {
  const account = await startStorageAccount()
  try {
    const client = TableClient.fromConnectionString(account.connectionString, table, { allowInsecureConnection: true })
    await client.createTable()
    const began = performance.now()
    for (const ofMinute of Map.groupBy(rows, ({ partitionKey }) => partitionKey).values())
      for (let first = 0; first < ofMinute.length; first += rowsAtOnce)
        await client.submitTransaction(
          ofMinute
            .slice(first, first + rowsAtOnce)
            .map((row) => ['upsert', { ...row, etag: undefined, timestamp: undefined }, 'Replace']),
        )
    return (rows.length / (performance.now() - began)) * 1_000
  } finally {
    await account.end()
  }
}

const accounts = [await startStorageAccount(), await startStorageAccount()] as const
const timers = ['settleTime=0s', 'transferPeriodLeast=1s'].flatMap((timer) => ['--timer', timer])
const fabric = await startFabric('--isolation', 'process', ...timers)
try {
  const [taking, delivering] = accounts
  const deploy = (service: string, { connectionString }: StorageAccount, logs: string, script: string) =>
    fabric.run(
      'deploy',
      makeService(fabric.dataDirectory, service, connectionString, logs, script),
      '--service',
      service,
    )

  await deploy('takes', taking, 'scheduledTransferLogLevelFilter="Error"', paced.join('\n'))
  const said = await whenEnded(taking)
  for (const [index, lines] of bursts.entries()) {
    const [before, after] = said.slice(index, index + 2) as [Row, Row]
    const written = lines * burstsOfEach
    const seconds = Number(/\d+/.exec(messageOf(after))?.[0]) / 1_000
    const lost = written - (numberOf(after) - numberOf(before) - 1)
    console.log(`takes: of ${written} lines, ${(written / seconds).toFixed(0)} a second, ${lost} were lost`)
  }
  await fabric.run('service', 'delete', 'takes', '--with-deployments')

  await deploy('delivers', delivering, '', `seq -f 'line %.0f' ${delivered}`)
  const rows = (await whenEnded(delivering)).filter((row) => /^line \d+$/.test(messageOf(row)))
  const times = rows.map(({ timestamp }) => Date.parse(String(timestamp)))
  const rate = (rows.length / (Math.max(...times) - Math.min(...times))) * 1_000
  const alone = await directly(rows)
  const different = new Set(rows.map(messageOf)).size
  console.log(`delivers: ${different} of ${delivered} lines, ${rows.length - different} twice (goal: all, none twice)`)
  console.log(
    `${rate.toFixed(0)} a second; the public library alone, into an Azurite of its own: ${alone.toFixed(0)}; ratio ${(rate / alone).toFixed(2)}`,
  )
} finally {
  await fabric.end()
  for (const account of accounts) await account.end()
}
