/** What DiagnosticsAgent decides, and what it keeps on the disk (P-13 to P-19). */
import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { noCounts } from '../../src/guest/contract/web-counts.ts'
import { counterValue, type Snapshot } from '../../src/guest/plugins/diagnostics/counters.ts'
import { decide } from '../../src/guest/plugins/diagnostics/decide.ts'
import { directoryOf } from '../../src/guest/plugins/diagnostics/directory-of.ts'
import { receive } from '../../src/guest/plugins/diagnostics/receive.ts'
import { removeOldWebLogs } from '../../src/guest/plugins/diagnostics/remove-old-web-logs.ts'
import { entityOf, type Row, transactionsOf } from '../../src/guest/plugins/diagnostics/row.ts'
import { settle } from '../../src/guest/plugins/diagnostics/settle.ts'
import {
  type BufferState,
  bufferNames,
  type DiagnosticsState,
  firstState,
} from '../../src/guest/plugins/diagnostics/state.ts'
import { cutOutput } from '../../src/machine/guest-os/bounded-output.ts'
import { filesIn } from '../../src/machine/guest-os/diagnostics/files-in.ts'
import { readNewLines } from '../../src/machine/guest-os/diagnostics/follow-file.ts'
import { openRowBuffer } from '../../src/machine/guest-os/diagnostics/row-buffer.ts'
import { systemSnapshot } from '../../src/machine/guest-os/diagnostics/snapshot.ts'
import { accountOf } from '../../src/service-model/diagnostics/account.ts'
import { type BufferPlan, defaultConfiguration } from '../../src/service-model/diagnostics/configuration.ts'
import { readPackaged } from '../../src/service-model/diagnostics/packaged-configuration.ts'
import { readWadcfg } from '../../src/service-model/diagnostics/read-configuration.ts'
import { readWadcfgx } from '../../src/service-model/diagnostics/read-extension.ts'

const namespace = 'http://schemas.microsoft.com/ServiceHosting/2010/10/DiagnosticsConfiguration'
const wadcfg = (content: string, attributes = '') =>
  `<DiagnosticMonitorConfiguration xmlns="${namespace}" ${attributes}>${content}</DiagnosticMonitorConfiguration>`
const MB = 1024 * 1024

describe('the configuration of Diagnostics (P-13)', () => {
  it('is read from .wadcfg', () => {
    const { value, errors, warnings } = readWadcfg(
      wadcfg(
        `<Logs bufferQuotaInMB="10" scheduledTransferPeriod="PT2M" scheduledTransferLogLevelFilter="Error"/>
         <Directories scheduledTransferPeriod="PT5M"><IISLogs container="web" directoryQuotaInMB="7"/><FailedRequestLogs container="failed"/><DataSources>
           <DirectoryConfiguration container="one" directoryQuotaInMB="1"><Absolute path="%TEMP%\\a" expandEnvironment="true"/></DirectoryConfiguration></DataSources></Directories>
         <PerformanceCounters scheduledTransferPeriod="PT1M"><PerformanceCounterConfiguration counterSpecifier="\\Memory\\Available MBytes" sampleRate="PT30S"/></PerformanceCounters>
         <WindowsEventLog scheduledTransferPeriod="PT1M"><DataSource name="Application!*"/><DataSource name="System!*[System[Level=1]]"/></WindowsEventLog>`,
        'configurationChangePollInterval="PT90S" overallQuotaInMB="100"',
      ),
      'diagnostics.wadcfg',
    )
    assert.deepEqual(errors, [])
    assert.deepEqual(value, {
      pollIntervalMs: 90_000,
      overallQuotaInMB: 100,
      logs: { quotaInMB: 10, transferPeriodMs: 120_000, levelFilter: 2 },
      infrastructure: { quotaInMB: 0, transferPeriodMs: 0, levelFilter: 0 },
      eventLog: { quotaInMB: 0, transferPeriodMs: 60_000, levelFilter: 0, channels: ['Application', 'System'] },
      counters: {
        quotaInMB: 0,
        transferPeriodMs: 60_000,
        levelFilter: 0,
        samples: [{ specifier: '\\Memory\\Available MBytes', everyMs: 30_000 }],
      },
      directories: {
        quotaInMB: 0,
        transferPeriodMs: 300_000,
        levelFilter: 0,
        sources: [
          { container: 'web', place: { kind: 'webLogs', naming: 'plugIn', quotaInMB: 7 } },
          { container: 'failed', place: { kind: 'failedRequests', naming: 'plugIn', quotaInMB: 0 } },
          { container: 'one', place: { kind: 'absolute', path: '%TEMP%\\a', expand: true } },
        ],
      },
    })
    assert.match(warnings.join('\n'), /the query of "System" is passed over/)
  })

  it('is read from .wadcfgx, with the account of its private part and without control container', () => {
    const { value, errors } = readWadcfgx(
      `<DiagnosticsConfiguration xmlns="${namespace}"><PublicConfig><WadCfg>${wadcfg('<Logs scheduledTransferPeriod="PT1M"/><Directories><IISLogs/></Directories>')}</WadCfg></PublicConfig>
        <PrivateConfig><StorageAccount name="acct" key="a2V5" endpoint="https://core.example.net"/></PrivateConfig><IsEnabled>true</IsEnabled></DiagnosticsConfiguration>`,
      'diagnostics.wadcfgx',
    )
    assert.deepEqual(errors, [])
    assert.equal(value?.configuration.logs.transferPeriodMs, 60_000)
    assert.equal(value?.configuration.pollIntervalMs, 0)
    assert.deepEqual(value?.configuration.directories.sources, [
      { container: 'wad-iis-logfiles', place: { kind: 'webLogs', naming: 'extension', quotaInMB: 0 } },
    ])
    assert.equal(
      value?.connectionString,
      'DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=a2V5;EndpointSuffix=core.example.net',
    )
  })

  const wrong: readonly (readonly [what: string, source: string, words: RegExp])[] = [
    ['no XML', '<a', /diagnostics\.wadcfg\(1\): not well-formed XML/],
    ['a DTD', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /document type declarations are not accepted/],
    ['another root', '<a/>', /the root element must be DiagnosticMonitorConfiguration/],
    [
      'a period',
      wadcfg('<Logs scheduledTransferPeriod="1 minute"/>'),
      /scheduledTransferPeriod of Logs is a duration such as PT1M or PT30S; found "1 minute"/,
    ],
    [
      'a level',
      wadcfg('<Logs scheduledTransferLogLevelFilter="Loud"/>'),
      /is one of Undefined, Critical, Error, Warning, Information, Verbose; found "Loud"/,
    ],
    ['a quota', wadcfg('<Logs bufferQuotaInMB="-1"/>'), /bufferQuotaInMB of Logs is a whole number/],
    [
      'a container',
      wadcfg('<Directories><DataSources><DirectoryConfiguration container="A B"/></DataSources></Directories>'),
      /found "A B"/,
    ],
    [
      'a container of web logs',
      wadcfg('<Directories><IISLogs container="A B"/></Directories>'),
      /container of IISLogs is a name of [^;]*; found "A B"/,
    ],
    [
      'a quota of web logs',
      wadcfg('<Directories><IISLogs directoryQuotaInMB="much"/></Directories>'),
      /directoryQuotaInMB of IISLogs is a whole number/,
    ],
    [
      'no directory',
      wadcfg('<Directories><DataSources><DirectoryConfiguration container="abc"/></DataSources></Directories>'),
      /by Absolute or by LocalResource/,
    ],
    ['its length', wadcfg(' '.repeat(2 * MB)), /1048576 are the most/],
  ]
  for (const [what, source, words] of wrong)
    it(`is refused with a sentence for ${what}`, () => {
      const { value, errors } = readWadcfg(source, 'diagnostics.wadcfg')
      assert.equal(value, undefined)
      assert.match(errors.join('\n'), words)
      const { configuration, faults } = readPackaged((path) =>
        path === 'approot/diagnostics.wadcfg' ? Buffer.from(source) : undefined,
      )
      assert.equal(configuration.logs.transferPeriodMs, 0)
      assert.match(faults.join(' '), /^The configuration of Diagnostics cannot be read: /)
    })

  const inDirectories = (content: string) => `<Directories>${content}</Directories>`
  const notDone: readonly (readonly [content: string, words: RegExp])[] = [
    [inDirectories('<CrashDumps container="abc"/>'), /: CrashDumps is passed over/],
    ...['EtwProviders', 'CrashDumps', 'Metrics', 'DockerSources', 'SinksConfig'].map(
      (name) => [`<${name}/>`, new RegExp(`: ${name} is passed over`)] as const,
    ),
    [
      '<WindowsEventLog><DataSource name="Windows Azure!*[System[Level=1]]"/></WindowsEventLog>',
      /the query of "Windows Azure" is passed over/,
    ],
    ['<WindowsEventLog><DataSource name="Security!*"/></WindowsEventLog>', /written to the channel "Security"/],
    [
      '<PerformanceCounters><PerformanceCounterConfiguration counterSpecifier="\\ASP.NET\\Restarts"/></PerformanceCounters>',
      /the counter \\ASP\.NET\\Restarts is skipped/,
    ],
    [
      inDirectories(
        '<DataSources><DirectoryConfiguration container="abc" directoryQuotaInMB="5"><LocalResource name="a"/></DirectoryConfiguration></DataSources>',
      ),
      /directoryQuotaInMB is passed over/,
    ],
  ]
  for (const [content, words] of notDone)
    it(`is warned of when it asks for ${content.slice(0, 60)}`, () => {
      const { value, warnings } = readWadcfg(wadcfg(content), 'diagnostics.wadcfg')
      assert.ok(value)
      assert.equal(warnings.length, 1)
      assert.match(warnings[0] ?? '', words)
    })

  it('is refused in bytes that are no text, and read in those of UTF-16', () => {
    const source = wadcfg('<Logs scheduledTransferPeriod="PT1M"/>')
    const packaged = (bytes: Uint8Array) =>
      readPackaged((path) => (path === 'approot/diagnostics.wadcfg' ? bytes : undefined))
    assert.equal(packaged(Buffer.from(`\ufeff${source}`, 'utf16le')).configuration.logs.transferPeriodMs, 60_000)
    const { faults } = packaged(Buffer.from([...Buffer.from(source), 0xff]))
    assert.match(
      faults.join(),
      /^The configuration of Diagnostics cannot be read: diagnostics\.wadcfg: .* not valid utf-8/,
    )
  })

  it('is whatever it says read or refused, and nothing is thrown', () => {
    const attribute = fc.constantFrom(
      'scheduledTransferPeriod',
      'bufferQuotaInMB',
      'container',
      'sampleRate',
      'counterSpecifier',
      'name',
      'path',
    )
    const value = fc.oneof(fc.constantFrom('PT1M', 'P1Y', 'PT', '-1', '1e9', 'Verbose'), fc.string({ maxLength: 20 }))
    const escape = (text: string) => text.replace(/[<&"]|[^\x20-\x7e]/g, '')
    const element = fc.tuple(
      fc.constantFrom(
        'Logs',
        'Directories',
        'DataSources',
        'DirectoryConfiguration',
        'Absolute',
        'PerformanceCounters',
        'PerformanceCounterConfiguration',
        'WindowsEventLog',
        'DataSource',
      ),
      fc.dictionary(attribute, value, { maxKeys: 3 }),
    )
    const written = (parts: readonly (readonly [string, Record<string, string>])[]): string => {
      const [first, ...rest] = parts
      if (!first) return ''
      const attributes = Object.entries(first[1]).map(([name, text]) => `${name}="${escape(text)}"`)
      return `<${first[0]} ${attributes.join(' ')}>${written(rest)}</${first[0]}>`
    }
    fc.assert(
      fc.property(fc.array(element, { maxLength: 5 }), (parts) => {
        const { value: read, errors } = readWadcfg(wadcfg(written(parts)), 'diagnostics.wadcfg')
        assert.equal(read === undefined, errors.length > 0)
      }),
    )
  })
})

it('names an account, or says why there is none (P-12)', () => {
  assert.equal(accountOf('AccountName=a;AccountKey=b==').kind, 'account')
  for (const text of ['', 'UseDevelopmentStorage=true', 'usedevelopmentstorage=TRUE;', 'AccountName=a', 'nonsense'])
    assert.equal(accountOf(text).kind, 'none', text)
})

describe('what is due for a buffer (P-14)', () => {
  const plan: BufferPlan = { quotaInMB: 2, transferPeriodMs: 60_000, levelFilter: 0 }
  const segment = (first: number, bytes = MB, at = first) => ({ first, rows: 10, bytes, at })
  const stateWith = (logs: Partial<BufferState>, configured: Partial<BufferPlan> = {}): DiagnosticsState => {
    const kept = Object.fromEntries(
      bufferNames.map((name) => [name, { segments: [], sent: 0 }]),
    ) as unknown as Parameters<typeof firstState>[0]['kept']
    const first = firstState(
      {
        configuration: { ...defaultConfiguration, overallQuotaInMB: 3, logs: { ...plan, ...configured } },
        faults: [],
        account: accountOf('AccountName=a;AccountKey=b'),
        storeMB: 4096,
        leastPeriodMs: 60_000,
        told: '',
        kept,
      },
      0,
    )
    const buffer = { ...first.buffers.Logs, collectAt: Number.POSITIVE_INFINITY, ...logs }
    return { ...first, pollAt: Number.POSITIVE_INFINITY, buffers: { ...first.buffers, Logs: buffer } }
  }
  const due = (state: DiagnosticsState, now: number, subject: 'Logs' | 'monitor' = 'Logs') =>
    decide(state, subject, now).actions.map((action) =>
      action.kind === 'drop'
        ? [action.kind, action.segments, action.lost]
        : action.kind === 'transfer'
          ? [action.kind, action.from, action.until]
          : [action.kind],
    )

  const rows: readonly (readonly [
    what: string,
    state: DiagnosticsState,
    now: number,
    actions: unknown,
    subject?: 'monitor',
  ])[] = [
    ['nothing before the period is over', stateWith({ segments: [segment(0)] }), 59_999, []],
    ['its rows when it is', stateWith({ segments: [segment(0)] }), 60_000, [['transfer', 0, 10]]],
    ['nothing without rows', stateWith({}), 60_000, []],
    ['nothing with PT0M', stateWith({ segments: [segment(0)] }, { transferPeriodMs: 0 }), 999_999, []],
    ['no sooner than the shortest period', stateWith({ segments: [segment(0)] }, { transferPeriodMs: 1 }), 59_999, []],
    [
      'the rest of what was begun at once',
      stateWith({ segments: [segment(0)], sent: 4, until: 8 }),
      1,
      [['transfer', 4, 8]],
    ],
    [
      'nothing while what failed rests',
      stateWith({ segments: [segment(0)], failure: { of: 'transfer', message: '', retryAt: 90_000 } }),
      70_000,
      [],
    ],
    [
      'what failed again after that',
      stateWith({ segments: [segment(0)], failure: { of: 'transfer', message: '', retryAt: 90_000 } }),
      90_000,
      [['transfer', 0, 10]],
    ],
    [
      'the oldest beyond its quota go',
      stateWith({ segments: [segment(0), segment(10), segment(20, 1)] }),
      1,
      [['drop', [0], 10]],
    ],
    [
      'what is transferred goes',
      stateWith({ segments: [segment(0, 1), segment(10, 1)], sent: 13 }),
      1,
      [['drop', [0], 0]],
    ],
    ['the one that is written to stays', stateWith({ segments: [segment(0, 9 * MB)] }), 1, []],
    [
      'the oldest of all beyond the overall quota',
      stateWith({ segments: [segment(0), segment(10), segment(20), segment(30, 1)], sent: 5 }),
      1,
      [['drop', [0], 5]],
      'monitor',
    ],
  ]
  for (const [what, state, now, actions, subject] of rows)
    it(what, () => assert.deepEqual(due(state, now, subject), actions))

  describe('at the end (P-14)', () => {
    const asked = (state: DiagnosticsState) => receive(state, { kind: 'end' }, 5).state

    it('is all that waits, before the period is over', () => {
      const state = asked(stateWith({ segments: [segment(0)] }))
      assert.deepEqual(due(state, 5), [['transfer', 0, 10], ['collect']])
      assert.deepEqual(due(state, 5, 'monitor'), [])
    })

    it('comes only after a look that has begun since: one that was on its way has not seen the last words', () => {
      const state = asked(stateWith({ segments: [] }))
      const [look] = decide(state, 'Logs', 5).actions
      assert.ok(look)
      const seen = (before: DiagnosticsState) =>
        settle(before, look, { kind: 'collected', segments: [], more: false }, 5).state
      assert.deepEqual(due(seen(state), 5), [['collect']])
      assert.deepEqual(due(seen(seen(state)), 5), [])
    })

    it('comes, whatever is collected and transferred by then and whatever fails', () => {
      const how = fc.constantFrom<'well' | 'more' | 'badly'>('well', 'well', 'more', 'badly')
      fc.assert(
        fc.property(fc.array(how), fc.nat(30), fc.boolean(), (hows, waiting, failing) => {
          const failure = failing ? ({ of: 'transfer', message: 'x', retryAt: 99_999 } as const) : undefined
          let state = asked(stateWith({ segments: waiting > 0 ? [{ ...segment(0), rows: waiting }] : [], failure }))
          const ways = hows.values()
          const done: string[] = []
          const step = (): boolean => {
            const [action] = [...bufferNames, 'monitor' as const].flatMap(
              (subject) => decide(state, subject, 5).actions,
            )
            assert.ok(action, 'it waits for nothing')
            done.push(action.key)
            if (action.kind === 'end') return false
            const way = ways.next().value ?? 'well'
            const outcome =
              way === 'badly'
                ? ({ kind: 'failed', message: 'x' } as const)
                : action.kind === 'collect'
                  ? ({
                      kind: 'collected',
                      segments: state.buffers[action.buffer].segments,
                      more: way === 'more',
                    } as const)
                  : action.kind === 'transfer'
                    ? ({ kind: 'sent', sent: action.until } as const)
                    : ({ kind: 'done' } as const)
            state = settle(state, action, outcome, 5).state
            return true
          }
          for (let steps = 0; step(); steps++) assert.ok(steps < 100 + hows.length, 'it goes on for ever')
          const { sent, failure: left } = state.buffers.Logs
          assert.ok(left !== undefined || sent === waiting, done.join())
        }),
      )
    })
  })

  it('goes on with the rest after a part, and waits for its next period after all', () => {
    const before = stateWith({ segments: [segment(0)] })
    const [action] = decide(before, 'Logs', 60_000).actions
    assert.ok(action)
    const { state } = settle(before, action, { kind: 'sent', sent: 6 }, 61_000)
    assert.deepEqual(due(state, 61_000), [['transfer', 6, 10]])
    const { state: after } = settle(state, { ...action, from: 6 } as typeof action, { kind: 'sent', sent: 10 }, 62_000)
    assert.deepEqual(due(after, 62_000), [])
    assert.equal(after.buffers.Logs.transferredAt, 61_000)
  })

  it('complains while it fails, and no longer (P-12)', () => {
    const before = stateWith({ segments: [segment(0)] })
    const [action] = decide(before, 'Logs', 60_000).actions
    assert.ok(action)
    const { state } = settle(before, action, { kind: 'failed', message: 'The account is away.' }, 61_000)
    const [tell] = decide(state, 'monitor', 61_000).actions
    assert.ok(tell?.kind === 'tell')
    assert.equal(tell.trouble, 'The account is away.')
    const told = settle(state, tell, { kind: 'done' }, 61_000).state
    assert.deepEqual(decide(told, 'monitor', 61_000).actions, [])
    const mended = settle(told, action, { kind: 'sent', sent: 10 }, 91_000).state
    assert.deepEqual(
      decide(mended, 'monitor', 91_000).actions.map((one) => 'trouble' in one && one.trouble),
      [''],
    )
  })
})

it('inserts rows by minutes, a hundred at once and no more bytes than a transaction takes (P-16)', () => {
  const identity = { deploymentId: 'd', role: 'r', instance: 'r_IN_0' }
  const entity = (number: number, at: number, length = 1) =>
    entityOf(identity, number, { at, level: 4, columns: { Message: 'x'.repeat(length) } })
  const entities = [
    ...Array.from({ length: 150 }, (_, n) => entity(n, 59_999)),
    entity(150, 60_000),
    ...Array.from({ length: 40 }, (_, n) => entity(151 + n, 60_001, 32_000)),
  ]
  const transactions = transactionsOf(entities)
  assert.deepEqual(transactions.flat(), entities)
  assert.deepEqual(transactions.map((rows) => rows.length).slice(0, 3), [100, 50, 17])
  assert.equal(entity(7, 60_000).partitionKey, '0621355968600000000')
  assert.equal(entity(7, 60_000).rowKey, 'd___r___r_IN_0___0000000000000000007')
})

it('finds directories in local storage and on the drives, and nowhere else (P-18)', () => {
  const own = { localResources: [{ name: 'Kept', path: '/g/c/Kept/', sizeInMB: 1 }] }
  const at = (place: Parameters<typeof directoryOf>[0]['place']) =>
    directoryOf({ container: 'abc', place }, { root: '/g', deploymentId: 'd', role: 'W' }, own, { Temp: 'C:\\t' })
  assert.deepEqual(at({ kind: 'local', resource: 'Kept', relativePath: 'a\\b' }), { path: '/g/c/Kept/a/b' })
  assert.deepEqual(at({ kind: 'absolute', path: '%TEMP%\\logs', expand: true }), { path: '/g/c/t/logs' })
  assert.deepEqual(at({ kind: 'webLogs', naming: 'plugIn', quotaInMB: 0 }), {
    path: '/g/c/Resources/Directory/d.W.DiagnosticStore/LogFiles',
  })
  assert.deepEqual(at({ kind: 'failedRequests', naming: 'plugIn', quotaInMB: 0 }), {
    path: '/g/c/Resources/Directory/d.W.DiagnosticStore/FailedReqLogFiles',
  })
  for (const place of [
    { kind: 'local', resource: 'Kept', relativePath: '..\\..' },
    { kind: 'local', resource: 'Gone', relativePath: '.' },
    { kind: 'absolute', path: 'C:\\..\\..', expand: false },
    { kind: 'absolute', path: 'Z:\\a', expand: false },
  ] as const)
    assert.ok('why' in at(place), JSON.stringify(place))
})

it('removes web logs beyond their quota while an account is away, the oldest of all sites first, and says so (P-14)', async (test) => {
  const path = mkdtempSync(join(tmpdir(), 'reddog-diagnostics-'))
  test.after(() => rmSync(path, { recursive: true, force: true }))
  const sizes = { 'W3SVC1/u_ex15030405.log': 1, 'W3SVC2/u_ex15030404.log': 1, 'W3SVC2/u_ex15030406.log': 0.5 }
  for (const [name, sizeMB] of Object.entries({ ...sizes, 'W3SVC1/u_ex15030406.log': 2, 'W3SVC1/mine.txt': 9 })) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), Buffer.alloc(sizeMB * MB))
  }
  symlinkSync('.', join(path, 'Web'))
  const said: string[] = []
  const buffer = openRowBuffer<Row>(join(path, 'buffer'))
  const source = { container: 'web', place: { kind: 'webLogs', naming: 'plugIn', quotaInMB: 4 } } as const
  const configuration = {
    ...defaultConfiguration,
    directories: { ...defaultConfiguration.directories, sources: [source] },
  }
  await removeOldWebLogs(
    {
      directory: () => ({ path }),
      files: filesIn,
      remove: (file) => rm(file),
      log: (_, text) => said.push(text),
      buffers: { Directories: buffer } as Readonly<Record<(typeof bufferNames)[number], typeof buffer>>,
    },
    { configuration },
  )
  assert.deepEqual(said, [
    'Web logs are beyond directoryQuotaInMB: W3SVC2/u_ex15030404.log is removed before it was transferred.',
  ])
  assert.deepEqual(
    (await filesIn(path))
      .map(({ relativePath }) => relativePath)
      .filter((name) => name.startsWith('W'))
      .toSorted(),
    ['W3SVC1/mine.txt', 'W3SVC1/u_ex15030405.log', 'W3SVC1/u_ex15030406.log', 'W3SVC2/u_ex15030406.log'],
  )
})

it('reads counters of Windows from what Linux counts (P-19)', () => {
  const before: Snapshot = { ...systemSnapshot('/', 0), at: 0 }
  const site = { ...noCounts, receivedBytes: 10, sentBytes: 30, requests: 4, gets: 3, managed: 2, managedErrors: 1 }
  const web = {
    connections: 2,
    queued: 1,
    rejected: 5,
    sites: new Map([
      ['Web_IN_0_A', site],
      ['Web_IN_0_B', site],
    ]),
  }
  const processes = [{ name: 'node', seconds: 3, residentBytes: 5, virtualBytes: 9, threads: 2 }]
  const now: Snapshot = {
    ...before,
    at: 2_000,
    web,
    processors: { _Total: { busy: 75, total: 200 } },
    memory: { availableBytes: 3 * MB, committedBytes: 50, limitBytes: 200 },
    processes,
  }
  const then: Snapshot = {
    ...before,
    web: { connections: 0, queued: 0, rejected: 0, sites: new Map([['Web_IN_0_A', { ...noCounts, gets: 1 }]]) },
    processors: { _Total: { busy: 50, total: 100 } },
    processes: [{ ...processes[0]!, seconds: 2 }],
  }
  const rows: readonly (readonly [string, unknown])[] = [
    ['\\Processor(_Total)\\% Processor Time', 25],
    ['\\processor(_total)\\% idle time', 75],
    ['\\Memory\\Available MBytes', 3],
    ['\\Memory\\% Committed Bytes In Use', 25],
    ['\\Process(node)\\% Processor Time', 50],
    ['\\Process(node.exe)\\Thread Count', 2],
    ['\\Process(w3wp)\\Working Set', 'notYet'],
    ['\\Web Service(_Total)\\Bytes Total/Sec', 40],
    ['\\Web Service(web_in_0_a)\\Get Requests/sec', 1],
    ['\\Web Service(Web_IN_0_B)\\Get Requests/sec', 'notYet'],
    ['\\Web Service(Web_IN_0_C)\\Total Method Requests', 'unknown'],
    ['\\ASP.NET Applications(_LM_W3SVC_1_ROOT)\\Requests/Sec', 'unknown'],
    ['\\Web Service(_Total)\\Total Method Requests', 8],
    ['\\Web Service(_Total)\\Current Connections', 2],
    ['\\ASP.NET\\Requests Queued', 1],
    ['\\ASP.NET v4.0.30319\\Requests Rejected', 5],
    ['\\ASP.NET Applications(__Total__)\\Requests/Sec', 2],
    ['\\ASP.NET Apps v4.0.30319(__Total__)\\Errors Total', 2],
    ['\\ASP.NET\\Application Restarts', 'unknown'],
    ['nonsense', 'unknown'],
  ]
  for (const [name, value] of rows) assert.equal(counterValue(name, now, then), value, name)
  assert.equal(counterValue('\\Processor(_Total)\\% Processor Time', now, undefined), 'notYet')
  // Of a web server that was started anew meanwhile.
  assert.equal(counterValue('\\Web Service(_Total)\\Bytes Total/Sec', { ...then, at: 4_000 }, now), 0)
  assert.equal(counterValue('\\Web Service(_Total)\\Bytes Total/Sec', { ...now, web: undefined }, then), 'notYet')
  assert.equal(counterValue('\\ASP.NET\\Requests Queued', { ...now, web: 'absent' }, then), 'unknown')
})

function inDirectory<Value>(act: (directory: string) => Value): Value {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-diagnostics-'))
  try {
    return act(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

it('reads every line once, however the output is written and cut, and counts what was cut before it was read', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('write' as const), lines: fc.integer({ min: 1, max: 30 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('part' as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) =>
      inDirectory((directory) => {
        const file = join(directory, 'log')
        writeFileSync(file, '')
        let position: ReturnType<typeof readNewLines>['position'] | undefined
        let number = 0
        let written = ''
        let missed = 0
        const read: string[] = []
        const write = (text: string) => {
          appendFileSync(file, text)
          written += text
        }
        const look = () => {
          for (let more = true; more; ) {
            const found = readNewLines(file, position)
            position = found.position
            missed += found.missed
            read.push(...found.lines)
            ;({ more } = found)
          }
        }
        for (const one of steps) {
          if (one.kind === 'write') for (let n = 0; n < one.lines; n++) write(`line ${number++}\n`)
          if (one.kind === 'part') write('part of ')
          if (one.kind === 'read') look()
          if (one.kind === 'cut') cutOutput(file, 200)
        }
        write('end\n')
        look()
        const lines = written.split('\n').filter(Boolean)
        if (missed === 0) assert.deepEqual(read, lines)
        // The first line after what was missed may have lost its beginning.
        else assert.ok(read.filter((line) => !lines.includes(line)).length <= missed)
        assert.equal(read.at(-1)?.endsWith('end'), true)
        // What was missed may have ended just before a line end.
        const bytes = Buffer.byteLength(read.map((line) => `${line}\n`).join('')) + missed
        const cuts = steps.filter(({ kind }) => kind === 'cut').length
        assert.ok(bytes <= written.length && bytes >= written.length - (missed === 0 ? 0 : cuts))
      }),
    ),
  )
})

it('keeps rows and what they were read to together, whenever its process is killed', () => {
  const batch = fc.integer({ min: 1, max: 5 })
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 300 }), (sizes, torn) =>
      inDirectory((directory) => {
        const open = () => openRowBuffer<number>(directory)
        let buffer = open()
        let next = 0
        for (const size of sizes) {
          const rows = Array.from({ length: size }, () => next++)
          buffer.append(rows, { file: next }, 60, 1)
        }
        // What is killed while it writes leaves any beginning of its last lines.
        const last = buffer.segments().at(-1)
        assert.ok(last)
        const file = join(directory, `${String(last.first).padStart(16, '0')}-1.rows`)
        truncateSync(file, Math.max(0, last.bytes - torn))
        buffer = open()
        const found: number[] = []
        for (let from = 0; ; ) {
          const rows = buffer.read(from)
          if (rows.length === 0) break
          for (const [number, row] of rows) assert.equal(number, row)
          found.push(...rows.map(([, row]) => row))
          from = found.length
        }
        assert.deepEqual(
          found,
          Array.from({ length: found.length }, (_, n) => n),
        )
        assert.equal(buffer.marks()['file'] ?? 0, found.length)
        buffer.append([found.length], { file: found.length + 1 }, 60, 2)
        assert.deepEqual(buffer.read(found.length), [[found.length, found.length]])
        buffer.append([], { file: undefined, other: 1 }, 60, 3)
        assert.deepEqual(open().marks(), { other: 1 })
      }),
    ),
  )
})
