/** Diagnostics with real processes and a real storage account, which is read by the public libraries (P-11 to P-19). */
import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { treeSize } from '../../src/machine/guest-os/tree-size.ts'
import { type StorageAccount, startStorageAccount } from '../storage-account.ts'
import { until } from '../until.ts'
import { type Guest, isReady, plainSpecification, programModel, inGuest as startedIn } from './guest.ts'
import { copyPrograms } from './programs.ts'

let programs = ''
let account: StorageAccount
before(async () => {
  programs = copyPrograms()
  account = await startStorageAccount()
})
after(async () => {
  await account.end()
  rmSync(programs, { recursive: true, force: true })
})

const setting = 'Microsoft.WindowsAzure.Plugins.Diagnostics.ConnectionString'
const task = (words: string) => `<Task ${words} relativePath="plugins\\Diagnostics"><Environment/></Task>`
const tasks = `<Startup>${task('commandLine="DiagnosticsAgent.exe" taskType="background"')}${task('commandLine="DiagnosticsAgent.exe /blockStartup"')}</Startup>`
const monitor = (content: string, attributes = 'configurationChangePollInterval="PT1S"') =>
  `<DiagnosticMonitorConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2010/10/DiagnosticsConfiguration" ${attributes}>${content}</DiagnosticMonitorConfiguration>`
const logs = monitor('<Logs scheduledTransferPeriod="PT1S" scheduledTransferLogLevelFilter="Information"/>')

interface Role {
  readonly wadcfg?: string
  /** Its file; `diagnostics.wadcfg` when nothing is said. */
  readonly file?: string
  /** What the role does before it idles. */
  readonly serve: string
  readonly connectionString?: string
}

/** A guest whose role imports Diagnostics; it transfers each second. */
function inGuest(
  { wadcfg = logs, file = 'Diagnostics.wadcfg', serve, connectionString }: Role,
  act: (guest: Guest) => Promise<void>,
): Promise<void> {
  const software = {
    'RoleModel.xml': programModel('serve.sh', { tasks }),
    'approot/serve.sh': `#!/bin/sh\n${serve}\nwhile :; do sleep 0.1; done\n`,
    [`approot/${file}`]: wadcfg,
  }
  const settings = { ...plainSpecification('').settings, [setting]: connectionString ?? account.connectionString }
  return startedIn({ programs, software, timers: { transferPeriodLeast: 300 }, specification: { settings } }, act)
}

const of = ({ configuration: { specification } }: Guest) => specification
const rowsOf = async (guest: Guest, table: string, from = account) =>
  (await from.rows(table)).filter(({ DeploymentId }) => DeploymentId === of(guest).deploymentId)
const messages = async (guest: Guest, from = account) =>
  (await rowsOf(guest, 'WADLogsTable', from)).map(({ Message }) => String(Message))
const has = (guest: Guest, text: string, from = account) =>
  until(async () => (await messages(guest, from)).includes(text), `the row "${text}"`)

it('brings the output of a role into WADLogsTable under the keys and columns of the original (P-15, P-16)', () =>
  inGuest({ serve: 'echo the role runs; echo "<3>it has failed"; echo "<7>a detail"; echo done' }, async (guest) => {
    await guest.host.health(isReady, 'Ready')
    await has(guest, 'done')
    const rows = await rowsOf(guest, 'WADLogsTable')
    assert.deepEqual(
      rows.map((row) => [row['Message'], row['Level'], row['Role'], row['RoleInstance'], row['EventId'], row['Pid']]),
      [
        ['the role runs', 4, 'Worker', 'Worker_IN_0', 0, 0],
        ['it has failed', 2, 'Worker', 'Worker_IN_0', 0, 0],
        ['done', 4, 'Worker', 'Worker_IN_0', 0, 0],
      ],
    )
    for (const row of rows) {
      const ticks = row['EventTickCount'] as bigint
      assert.ok(row.rowKey.startsWith(`${of(guest).deploymentId}___Worker___Worker_IN_0___`))
      assert.equal(row.partitionKey, `0${ticks - (ticks % 600_000_000n)}`)
      assert.ok(Math.abs(Date.now() - Number((ticks - 621_355_968_000_000_000n) / 10_000n)) < 60_000)
    }
  }))

it('brings the last rows too when the role stops for longer, though no period is over (P-14)', () =>
  inGuest(
    {
      wadcfg: monitor('<Logs scheduledTransferPeriod="PT1H"/>'),
      serve: 'exec 2>/dev/null; trap "echo last words; exit" TERM; echo the role runs',
    },
    async (guest) => {
      await guest.host.health(isReady, 'Ready')
      assert.deepEqual(await messages(guest), [])
      // It is Ready as soon as its process has started, which has said nothing then and would not hear the stop.
      await until(() => guest.log('RoleOutput').includes('the role runs'), 'its output')
      // A process that is only loading has collected nothing.
      await until(() => guest.log('DiagnosticsAgent').includes('starts for'), 'its agent')
      guest.host.want({ role: 'Stopped', machine: 'Stopped' })
      await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
      const log = guest.log('DiagnosticsAgent')
      assert.deepEqual(await messages(guest), ['the role runs', 'last words'], log)
      assert.match(log, /The role has stopped, and nothing waits any more/)
    },
  ))

it('brings counters, events, its own log and files into their tables and containers (P-15, P-18, P-19)', () => {
  const period = 'scheduledTransferPeriod="PT1S"'
  const wadcfg = monitor(`<DiagnosticInfrastructureLogs ${period}/>
    <Directories ${period}><DataSources><DirectoryConfiguration container="my-files"><LocalResource name="Kept" relativePath="out"/></DirectoryConfiguration></DataSources></Directories>
    <PerformanceCounters ${period}>
      <PerformanceCounterConfiguration counterSpecifier="\\Memory\\Available MBytes" sampleRate="PT1S"/>
      <PerformanceCounterConfiguration counterSpecifier="\\Processor(_Total)\\% Processor Time" sampleRate="PT1S"/>
      <PerformanceCounterConfiguration counterSpecifier="\\Nobody(_Total)\\Knows" sampleRate="PT1S"/>
    </PerformanceCounters>
    <WindowsEventLog ${period}><DataSource name="Windows Azure!*"/></WindowsEventLog>`)
  return inGuest(
    {
      wadcfg,
      serve:
        'd="$SystemDrive/Resources/Directory/$RoleDeploymentID.Worker.Kept/out"; mkdir -p "$d"; echo first > "$d/a.txt"',
    },
    async (guest) => {
      await guest.host.health(isReady, 'Ready')
      const { deploymentId } = of(guest)
      await until(async () => (await rowsOf(guest, 'WADPerformanceCountersTable')).length >= 3, 'three samples')
      const samples = await rowsOf(guest, 'WADPerformanceCountersTable')
      const value = (name: string) => Number(samples.find(({ CounterName }) => CounterName === name)?.['CounterValue'])
      assert.ok(value('\\Memory\\Available MBytes') > 0)
      const busy = value('\\Processor(_Total)\\% Processor Time')
      assert.ok(busy >= 0 && busy <= 100)
      await until(async () => (await rowsOf(guest, 'WADWindowsEventLogsTable')).length >= 3, 'events of the start')
      const started = (await rowsOf(guest, 'WADWindowsEventLogsTable')).find(({ EventId }) => EventId === 10001)
      assert.equal(started?.['Channel'], 'Windows Azure')
      assert.match(String(started?.['Description']), /Startup task "DiagnosticsAgent\.exe" has started\./)
      const own = async () =>
        (await rowsOf(guest, 'WADDiagnosticInfrastructureLogsTable')).map(({ Message }) => Message)
      await until(
        async () => (await own()).some((text) => /\\Nobody\(_Total\)\\Knows is skipped/.test(String(text))),
        'an unknown counter is told',
      )
      assert.equal((await own()).filter((text) => /Knows/.test(String(text))).length, 1)
      await until(async () => (await rowsOf(guest, 'WADDirectoriesTable')).length > 0, 'the file has its row')
      const [file] = await rowsOf(guest, 'WADDirectoriesTable')
      const blob = `${deploymentId}/Worker/Worker_IN_0/a.txt`
      assert.deepEqual([file?.['Container'], file?.['RelativePath']], ['my-files', blob])
      assert.match(String(file?.['AbsolutePath']), /\.Kept\/out\/a\.txt$/)
      assert.equal((await account.blobs('my-files'))[blob], 'first\n')
    },
  )
})

const webLogs = (words = '') => monitor(`<Directories scheduledTransferPeriod="PT1S"><IISLogs ${words}/></Directories>`)
const inWebLogs = 'd="$SystemDrive/Resources/Directory/$RoleDeploymentID.Worker.DiagnosticStore/LogFiles/W3SVC1"'
const layWebLogs = `${inWebLogs}; mkdir -p "$d"; ln -s . "$d/../Web"; exec 2>/dev/null`
const webBlobs = async (guest: Guest, container: string) =>
  Object.entries(await account.blobs(container)).filter(([name]) => name.includes(of(guest).deploymentId))

it('brings web logs into their container, each once, and again when they have grown (P-15, P-17, P-18, G-11)', () => {
  const serve = `${layWebLogs}; trap 'echo grown >> "$d/u_ex15030405.log"' USR1; echo first > "$d/u_ex15030405.log"`
  return inGuest({ wadcfg: webLogs(), serve }, async (guest) => {
    await guest.host.health(isReady, 'Ready')
    const blob = `${of(guest).deploymentId}/Worker/Worker_IN_0/Web/W3SVC1/u_ex15030405.log`
    const is = (text: string) =>
      until(async () => (await account.blobs('wad-iis-logfiles'))[blob] === text, `the blob is ${text}`)
    await is('first\n')
    for (const pid of guest.pids('serve.sh')) process.kill(pid, 'SIGUSR1')
    await is('first\ngrown\n')
    assert.equal((await webBlobs(guest, 'wad-iis-logfiles')).length, 1)
    await until(async () => (await rowsOf(guest, 'WADDirectoriesTable')).length > 1, 'each transfer has its row')
    for (const row of await rowsOf(guest, 'WADDirectoriesTable'))
      assert.deepEqual([row['Container'], row['RelativePath']], ['wad-iis-logfiles', blob])
  })
})

it('names web logs as the extension does, and removes the oldest beyond directoryQuotaInMB (P-14, P-17)', () => {
  const wadcfg = `<DiagnosticsConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2010/10/DiagnosticsConfiguration"><PublicConfig><WadCfg>${webLogs(
    'containerName="web-logs" directoryQuotaInMB="1"',
  )}</WadCfg></PublicConfig></DiagnosticsConfiguration>`
  const serve = `${layWebLogs}; for hour in 05 06 07; do head -c 700000 /dev/zero > "$d/u_ex150304$hour.log"; done; head -c 3000000 /dev/zero > "$d/own.txt"`
  return inGuest({ wadcfg, file: 'diagnostics.wadcfgx', serve }, async (guest) => {
    await guest.host.health(isReady, 'Ready')
    const { deploymentId } = of(guest)
    await until(async () => (await webBlobs(guest, 'web-logs')).length === 4, 'all are in the container')
    const names = ['own.txt', 'u_ex15030405.log', 'u_ex15030406.log', 'u_ex15030407.log']
    assert.deepEqual(
      (await webBlobs(guest, 'web-logs')).map(([name]) => name),
      names.map((name) => `WAD/${deploymentId}/Worker/Worker_IN_0/W3SVC1/${name}`),
    )
    const left = () =>
      readdirSync(join(guest.root, `c/Resources/Directory/${deploymentId}.Worker.DiagnosticStore/LogFiles/W3SVC1`))
    await until(() => left().length === 2, 'the oldest are removed')
    assert.deepEqual(left().toSorted(), ['own.txt', 'u_ex15030407.log'])
  })
})

it('follows the configuration that an operator leaves in the control container (P-13)', () =>
  inGuest({ wadcfg: monitor('<Logs/>'), serve: 'echo kept so far' }, async (guest) => {
    await guest.host.health(isReady, 'Ready')
    const blob = `${of(guest).deploymentId}/Worker/Worker_IN_0`
    const control = () => account.blobs('wad-control-container')
    await until(async () => (await control())[blob] !== undefined, 'the configuration is in the container')
    assert.equal((await control())[blob], monitor('<Logs/>'))
    assert.deepEqual(await messages(guest), [])
    await account.write('wad-control-container', blob, '<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    await until(
      () => /cannot be read.*document type declarations are not accepted/.test(guest.log('DiagnosticsAgent')),
      'it is refused',
    )
    await account.write('wad-control-container', blob, logs)
    await has(guest, 'kept so far')
  }))

it('finds no configuration in a directory of its name, and the role runs', () =>
  inGuest({ file: 'diagnostics.wadcfg/x', serve: 'echo it runs' }, async (guest) => {
    await guest.host.health(isReady, 'Ready')
    const says = () => guest.log('DiagnosticsAgent').includes('There is no approot/diagnostics.wadcfg')
    await until(says, 'its agent says so')
  }))

it('neither loses nor doubles a row when its agent is killed again and again', () =>
  inGuest(
    { serve: 'i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo line $i; [ $((i % 4)) = 0 ] && sleep 0.02; done' },
    async (guest) => {
      const lines = Array.from({ length: 400 }, (_, index) => `line ${index + 1}`)
      for (let kills = 0; kills < 3; kills++) {
        await guest.host.health(isReady, 'Ready')
        await until(() => guest.pids('DiagnosticsAgent').length > 0, 'the agent runs')
        for (const pid of guest.pids('DiagnosticsAgent')) process.kill(pid, 'SIGKILL')
        // A background task is not started again by itself (S-26); the role is, and begins to count anew.
        guest.host.want({ role: 'Stopped' })
        await guest.host.health(({ state }) => state === 'Stopped', 'Stopped')
        guest.host.want({ role: 'Started' })
      }
      await until(async () => (await messages(guest)).filter((text) => text === 'line 400').length > 0, 'the last line')
      const output = guest.log('RoleOutput').split('\n').filter(Boolean)
      await until(async () => (await messages(guest)).length >= output.length, 'every line')
      assert.deepEqual(await messages(guest), output)
      assert.deepEqual(output.slice(-400), lines)
    },
  ))

it('keeps to its quota while the account is away, says so, and goes on when it is back', async () => {
  const first = await startStorageAccount()
  const wadcfg = monitor(
    '<Logs bufferQuotaInMB="1" scheduledTransferPeriod="PT1S"/>',
    'configurationChangePollInterval="PT1S" overallQuotaInMB="2"',
  )
  const serve =
    'trap : USR1; echo begins; sleep 1000 & wait; yes "$(printf %01000d 0)" | head -c 30000000; echo; echo ends'
  try {
    await inGuest({ wadcfg, serve, connectionString: first.connectionString }, async (guest) => {
      await guest.host.health(isReady, 'Ready')
      await has(guest, 'begins', first)
      await first.end()
      for (const pid of guest.pids('serve.sh')) process.kill(pid, 'SIGUSR1')
      const { description } = await guest.host.health(
        (health) =>
          'description' in health &&
          /Diagnostics: The storage account logs does not take/.test(health.description ?? ''),
        'the details name the account',
        90_000,
      )
      assert.match(String(description), /Diagnostics: The storage account logs does not take .*ECONNREFUSED/)
      await until(() => /oldest rows are dropped/.test(guest.log('DiagnosticsAgent')), 'rows are dropped')
      const store = join(guest.root, 'c/Resources/Directory', `${of(guest).deploymentId}.Worker.DiagnosticStore`)
      assert.ok((await treeSize(join(store, 'Monitor'))) < 4 * 1024 * 1024)
      assert.match(guest.log('Windows Azure'), /\[20002\] .*does not take/)
      const second = await startStorageAccount('127.0.0.1', first.ports)
      try {
        await has(guest, 'ends', second)
        await guest.host.health(
          (health) => isReady(health) && !('description' in health && health.description),
          'nothing is wrong any more',
          60_000,
        )
      } finally {
        await second.end()
      }
    })
  } finally {
    await first.end()
  }
})

const unusable = [
  ['UseDevelopmentStorage=true', /is UseDevelopmentStorage=true, the storage emulator of a development machine/],
  ['AccountName=a;BlobEndpoint=http://127.0.0.1', /names no AccountName with AccountKey/],
  [
    'DefaultEndpointsProtocol=https;AccountName=nobody;AccountKey=MTIz;EndpointSuffix=invalid',
    /The storage account nobody does not take/,
  ],
] as const
for (const [connectionString, words] of unusable)
  it(`lets the role run with ${connectionString.slice(0, 40)}, and says what is wrong in the details (P-12, T-7)`, () =>
    inGuest({ serve: 'echo the role runs', connectionString }, async (guest) => {
      const { state } = await guest.host.health(
        (health) => 'description' in health && words.test(health.description ?? ''),
        'the details say it',
        60_000,
      )
      assert.equal(state, 'Ready')
      assert.match(guest.log('RoleOutput'), /the role runs/)
    }))
