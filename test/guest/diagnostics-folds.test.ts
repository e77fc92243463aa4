/** What DiagnosticsAgent makes of each thing that it hears or has done: a row is a situation, what comes, and all that is another afterwards (P-12 to P-14). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DiagnosticsAction } from '../../src/guest/plugins/diagnostics/action.ts'
import { decide } from '../../src/guest/plugins/diagnostics/decide.ts'
import { isCollected, quotaOf, segmentLimit } from '../../src/guest/plugins/diagnostics/plan.ts'
import { type DiagnosticsMessage, receive } from '../../src/guest/plugins/diagnostics/receive.ts'
import { type DiagnosticsOutcome, settle } from '../../src/guest/plugins/diagnostics/settle.ts'
import {
  type BufferName,
  type BufferState,
  bufferNames,
  type DiagnosticsState,
  firstState,
  troubleOf,
} from '../../src/guest/plugins/diagnostics/state.ts'
import { accountOf } from '../../src/service-model/diagnostics/account.ts'
import { defaultConfiguration } from '../../src/service-model/diagnostics/configuration.ts'

const now = 1_000_000
const [fast, slow] = ['\\Memory\\Available MBytes', '\\Processor(_Total)\\% Processor Time']
const configuration = {
  ...defaultConfiguration,
  pollIntervalMs: 90_000,
  counters: {
    ...defaultConfiguration.counters,
    samples: [
      { specifier: fast, everyMs: 1_000 },
      { specifier: slow, everyMs: 30_000 },
    ],
  },
  directories: { ...defaultConfiguration.directories, transferPeriodMs: 300_000 },
}
const segment = (first: number, rows = 10) => ({ first, rows, bytes: 100, at: first })
const failure = (of: 'collect' | 'transfer', message = 'no room', retryAt = now + 30_000) => ({ of, message, retryAt })

type Situation = Partial<DiagnosticsState> & { readonly buffer?: Partial<BufferState> }

/** An agent with ten rows in each buffer. What is said is otherwise, `buffer` of the buffer that is spoken of. */
function stateIn({ buffer = {}, ...situation }: Situation = {}, name: BufferName = 'Logs'): DiagnosticsState {
  const kept = { segments: [segment(0)], sent: 0, transferredAt: now - 60_000 }
  const first = firstState(
    {
      configuration,
      faults: [],
      account: accountOf('AccountName=a;AccountKey=b'),
      storeMB: 4_096,
      leastPeriodMs: 60_000,
      told: '',
      kept: Object.fromEntries(bufferNames.map((one) => [one, kept])) as Record<BufferName, typeof kept>,
    },
    now - 5,
  )
  return { ...first, ...situation, buffers: { ...first.buffers, [name]: { ...first.buffers[name], ...buffer } } }
}

/** The fields that are not as before, those of the buffers by their names. */
function changes(from: DiagnosticsState, to: DiagnosticsState): object {
  const differing = (one: object, other: object) => {
    const [before, after] = [new Map(Object.entries(one)), new Map(Object.entries(other))]
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)))
      .map((name) => [name, after.get(name) ?? 'none'])
  }
  const buffers = bufferNames.flatMap((name) =>
    differing(from.buffers[name], to.buffers[name]).map(([field, value]) => [`${name}.${field}`, value]),
  )
  const others = differing({ ...from, buffers: 0 }, { ...to, buffers: 0 })
  return Object.fromEntries([...others, ...buffers])
}

const shared = { key: 'k', reason: '' } as const
const collect = (buffer: BufferName, counters: readonly string[] = []): DiagnosticsAction => ({
  ...shared,
  kind: 'collect',
  buffer,
  counters,
})
const collected = (more = false): DiagnosticsOutcome => ({ kind: 'collected', segments: [segment(0, 12)], more })
const failed: DiagnosticsOutcome = { kind: 'failed', message: 'no room' }
const transfer: DiagnosticsAction = { ...shared, kind: 'transfer', buffer: 'Logs', from: 0, until: 10 }
const sent = (number: number): DiagnosticsOutcome => ({ kind: 'sent', sent: number })
const drop: DiagnosticsAction = { ...shared, kind: 'drop', buffer: 'Logs', segments: [0], lost: 0 }
const poll: DiagnosticsAction = { ...shared, kind: 'poll' }

describe('DiagnosticsAgent has', () => {
  const rows: readonly (readonly [
    when: string,
    situation: Situation,
    action: DiagnosticsAction,
    outcome: DiagnosticsOutcome,
    differs: object,
  ])[] = [
    [
      'looked for lines, and looks again in a moment',
      {},
      collect('Logs'),
      collected(),
      { 'Logs.segments': [segment(0, 12)], 'Logs.collectAt': now + 500 },
    ],
    [
      'looked, and there is more',
      {},
      collect('Logs'),
      collected(true),
      { 'Logs.segments': [segment(0, 12)], 'Logs.collectAt': now },
    ],
    [
      'looked, and was asked to end meanwhile',
      { buffer: { looksAgain: true } },
      collect('Logs'),
      collected(),
      { 'Logs.segments': [segment(0, 12)], 'Logs.collectAt': now, 'Logs.looksAgain': 'none' },
    ],
    [
      'looked again after a failure',
      { buffer: { failure: failure('collect') } },
      collect('Logs'),
      collected(),
      { 'Logs.segments': [segment(0, 12)], 'Logs.collectAt': now + 500, 'Logs.failure': 'none' },
    ],
    [
      'looked, while the account is away',
      { buffer: { failure: failure('transfer') } },
      collect('Logs'),
      collected(),
      { 'Logs.segments': [segment(0, 12)], 'Logs.collectAt': now + 500 },
    ],
    [
      'not been able to look',
      {},
      collect('Logs'),
      failed,
      { 'Logs.collectAt': now + 30_000, 'Logs.failure': failure('collect') },
    ],
    [
      'sampled all counters for the first time: each in its own rhythm',
      {},
      collect('PerformanceCounters', [fast, slow]),
      collected(),
      {
        samplesAt: { [fast]: now + 1_000, [slow]: now + 30_000 },
        'PerformanceCounters.segments': [segment(0, 12)],
        'PerformanceCounters.collectAt': now + 1_000,
      },
    ],
    [
      'sampled one a little late, which keeps its rhythm',
      { samplesAt: { [fast]: now - 1, [slow]: now + 400 } },
      collect('PerformanceCounters', [fast]),
      collected(),
      {
        samplesAt: { [fast]: now + 999, [slow]: now + 400 },
        'PerformanceCounters.segments': [segment(0, 12)],
        'PerformanceCounters.collectAt': now + 400,
      },
    ],
    [
      'sampled one a whole period late, which catches up on nothing',
      { samplesAt: { [fast]: now - 1_000, [slow]: now + 20_000 } },
      collect('PerformanceCounters', [fast]),
      collected(),
      {
        samplesAt: { [fast]: now + 1_000, [slow]: now + 20_000 },
        'PerformanceCounters.segments': [segment(0, 12)],
        'PerformanceCounters.collectAt': now + 1_000,
      },
    ],
    [
      'looked into directories, once a period',
      {},
      collect('Directories'),
      collected(),
      { 'Directories.segments': [segment(0, 12)], 'Directories.collectAt': now + 300_000 },
    ],
    [
      'looked into directories that are never transferred',
      { configuration: defaultConfiguration },
      collect('Directories'),
      collected(),
      { 'Directories.segments': [segment(0, 12)], 'Directories.collectAt': now + 60_000 },
    ],
    ['transferred all', {}, transfer, sent(10), { 'Logs.sent': 10, 'Logs.transferredAt': now }],
    [
      'transferred a part: the rest follows',
      {},
      transfer,
      sent(6),
      { 'Logs.sent': 6, 'Logs.transferredAt': now, 'Logs.until': 10 },
    ],
    [
      'transferred the rest, of what was begun before',
      { buffer: { sent: 6, until: 10, failure: failure('transfer') } },
      transfer,
      sent(10),
      { 'Logs.sent': 10, 'Logs.until': 'none', 'Logs.failure': 'none' },
    ],
    [
      'transferred what was dropped meanwhile, while it cannot look',
      { buffer: { sent: 20, failure: failure('collect') } },
      transfer,
      sent(10),
      { 'Logs.transferredAt': now },
    ],
    [
      'not been able to transfer: it begins anew, with what came meanwhile',
      { buffer: { until: 10 } },
      transfer,
      failed,
      { 'Logs.until': 'none', 'Logs.failure': failure('transfer') },
    ],
    ['ended without a word in a transfer', {}, transfer, { kind: 'done' }, { 'Logs.failure': failure('transfer', '') }],
    [
      'dropped the oldest, which is not transferred any more',
      { buffer: { segments: [segment(0), segment(10), segment(20)] } },
      drop,
      { kind: 'dropped', segments: [segment(10), segment(20)] },
      { 'Logs.segments': [segment(10), segment(20)], 'Logs.sent': 10 },
    ],
    [
      'dropped what was transferred',
      { buffer: { sent: 15 } },
      drop,
      { kind: 'dropped', segments: [segment(10)] },
      { 'Logs.segments': [segment(10)] },
    ],
    ['dropped all', {}, drop, { kind: 'dropped', segments: [] }, { 'Logs.segments': [], 'Logs.sent': 10 }],
    ['not been able to drop', {}, drop, failed, { 'Logs.failure': failure('collect') }],
    ['asked for another configuration', {}, poll, { kind: 'done' }, { pollAt: now + 90_000 }],
    [
      'asked for another configuration, which it does not do more often than it transfers',
      { configuration: { ...configuration, pollIntervalMs: 1 } },
      poll,
      { kind: 'done' },
      { pollAt: now + 60_000 },
    ],
    ['not been able to ask for one (P-13)', {}, poll, failed, { pollAt: now + 30_000 }],
    ['said what is wrong', {}, { ...shared, kind: 'tell', trouble: 'It is.' }, { kind: 'done' }, { told: 'It is.' }],
    ['ended', {}, { ...shared, kind: 'end' }, { kind: 'done' }, {}],
  ]
  for (const [when, situation, action, outcome, differs] of rows)
    it(when, () => {
      const from = stateIn(situation, 'buffer' in action ? action.buffer : 'Logs')
      const { state, touched } = settle(from, action, outcome, now)
      assert.deepEqual(changes(from, state), differs)
      const asked = 'buffer' in action ? [action.buffer, 'monitor'] : action.kind === 'end' ? [] : ['monitor']
      assert.deepEqual(touched, asked)
    })
})

describe('DiagnosticsAgent hears', () => {
  const account = accountOf('')
  const rows: readonly (readonly [what: string, situation: Situation, message: DiagnosticsMessage, differs: object])[] =
    [
      [
        'of another configuration (P-13)',
        { faults: ['It was wrong.'] },
        { kind: 'configured', configuration: defaultConfiguration, faults: [] },
        { configuration: defaultConfiguration, faults: [] },
      ],
      [
        'of one that cannot be read: the former one holds',
        {},
        { kind: 'configured', faults: ['It is wrong.'] },
        { faults: ['It is wrong.'] },
      ],
      ['of another account (P-12)', {}, { kind: 'account', account }, { account }],
    ]
  for (const [what, situation, message, differs] of rows)
    it(what, () => {
      const from = stateIn(situation)
      const { state, touched } = receive(from, message, now)
      assert.deepEqual(changes(from, state), differs)
      assert.deepEqual(touched, [...bufferNames, 'monitor'])
    })

  it('that it is to end: everything is due once more, what has failed too', () => {
    const from = stateIn({ buffer: { failure: failure('transfer') } })
    const { state } = receive(from, { kind: 'end' }, now)
    const due = Object.fromEntries(
      bufferNames.flatMap((name) => [
        [`${name}.collectAt`, now],
        [`${name}.looksAgain`, true],
      ]),
    )
    assert.deepEqual(changes(from, state), {
      ending: true,
      ...due,
      'Logs.failure': failure('transfer', 'no room', now),
    })
  })
})

describe('DiagnosticsAgent looks (P-14)', () => {
  const looks = (name: BufferName, situation: Situation = {}) =>
    decide(stateIn({ account: accountOf(''), ...situation }, name), name, now).actions.map((action) =>
      action.kind === 'collect' ? action.counters : action.kind,
    )

  it('for lines, and for the counters whose moment it is', () => {
    assert.deepEqual(looks('Logs'), [[]])
    assert.deepEqual(looks('PerformanceCounters'), [[fast, slow]])
    const samplesAt = { [fast]: now, [slow]: now + 1 }
    assert.deepEqual(looks('PerformanceCounters', { samplesAt }), [[fast]])
    assert.deepEqual(looks('Logs', { samplesAt }), [[]])
  })

  it('at its moment, and never where nothing is to be found', () => {
    assert.deepEqual(looks('Logs', { buffer: { collectAt: now } }), [[]])
    assert.deepEqual(looks('Logs', { buffer: { collectAt: now + 1 } }), [])
    assert.deepEqual(looks('Directories', { configuration: defaultConfiguration }), [])
  })
})

describe('DiagnosticsAgent drops (P-14)', () => {
  const MB = 1024 * 1024
  const large = (first: number, at = first) => ({ first, rows: 10, bytes: MB, at })
  const logs = { ...configuration.logs, quotaInMB: 2 }
  const drops = (situation: Situation, subject: BufferName | 'monitor' = 'Logs') =>
    decide(stateIn({ account: accountOf(''), ...situation }), subject, now).actions.flatMap((action) =>
      action.kind === 'drop' ? [[action.buffer, action.segments, action.lost, action.reason]] : [],
    )
  const beyond = (rows: number) => `The buffer Logs is beyond its quota: its ${rows} oldest rows are dropped.`

  it('what is transferred, but the segment that is written to', () => {
    const segments = [segment(0), segment(10), segment(20)]
    const transferred = 'They are transferred.'
    assert.deepEqual(drops({ buffer: { segments, sent: 20 } }), [['Logs', [0, 10], 0, transferred]])
    assert.deepEqual(drops({ buffer: { segments, sent: 19 } }), [['Logs', [0], 0, transferred]])
    assert.deepEqual(drops({ buffer: { segments, sent: 30 } }), [['Logs', [0, 10], 0, transferred]])
  })

  it('the oldest of what is beyond the quota of its buffer, no more than that, and says how many rows are lost', () => {
    const quota = { configuration: { ...configuration, logs } }
    const segments = [large(0), large(10), large(20)]
    assert.deepEqual(drops({ ...quota, buffer: { segments: segments.slice(1) } }), [])
    assert.deepEqual(drops({ ...quota, buffer: { segments } }), [['Logs', [0], 10, beyond(10)]])
    assert.deepEqual(drops({ ...quota, buffer: { segments, sent: 4 } }), [['Logs', [0], 6, beyond(6)]])
    assert.deepEqual(drops({ ...quota, buffer: { segments: [...segments, large(30)], sent: 4 } }), [
      ['Logs', [0, 10], 16, beyond(16)],
    ])
  })

  it('the oldest of whichever buffer, beyond what all may have together', () => {
    const from = stateIn({
      account: accountOf(''),
      storeMB: 4,
      buffer: { segments: [large(0, 7), large(10, 9), large(20, 9)] },
    })
    const buffers = {
      ...from.buffers,
      Directories: { ...from.buffers.Directories, segments: [large(0, 5), large(10, 8), large(20, 9)] },
    }
    const { actions } = decide({ ...from, buffers }, 'monitor', now)
    const found = actions.flatMap((action) => (action.kind === 'drop' ? [[action.buffer, action.segments]] : []))
    assert.deepEqual(found, [
      ['Logs', [0]],
      ['Directories', [0, 10]],
    ])
  })
})

describe('DiagnosticsAgent ends (P-14)', () => {
  const quiet = (change: Partial<BufferState> = {}) => {
    const from = stateIn({ ending: true, pollAt: now + 1 })
    const all = bufferNames.map((name) => [name, { ...from.buffers[name], segments: [], collectAt: now + 1 }])
    const buffers = Object.fromEntries(all) as DiagnosticsState['buffers']
    const transferred = { ...configuration, logs: { ...configuration.logs, transferPeriodMs: 60_000 } }
    return { ...from, configuration: transferred, buffers: { ...buffers, Logs: { ...buffers.Logs, ...change } } }
  }
  const ends = (state: DiagnosticsState) => decide(state, 'monitor', now).actions.some(({ kind }) => kind === 'end')
  const rows = { segments: [segment(0)] }

  it('once nothing is left to be looked for and to be transferred, and it was asked to', () => {
    assert.equal(ends(quiet()), true)
    assert.equal(ends({ ...quiet(), ending: false }), false)
    assert.equal(ends(quiet({ collectAt: now })), false)
    assert.equal(ends(quiet({ ...rows, sent: 9 })), false)
    assert.equal(ends(quiet({ ...rows, sent: 10 })), true)
  })

  it('with rows that cannot be transferred: there is no account, they never are, or it has failed', () => {
    assert.equal(ends({ ...quiet(rows), account: accountOf('') }), true)
    assert.equal(ends({ ...quiet(rows), configuration }), true)
    assert.equal(ends(quiet({ ...rows, failure: failure('transfer', 'x', now + 1) })), true)
    assert.equal(ends(quiet({ ...rows, failure: failure('transfer', 'x', now) })), false)
  })
})

describe('the control container is asked (P-13)', () => {
  const polls = (situation: Situation) => {
    const { actions, wakeAt } = decide(stateIn({ pollAt: now, ...situation }), 'monitor', now)
    return [actions.some(({ kind }) => kind === 'poll'), wakeAt]
  }
  it('at its moment, and not before', () => {
    assert.deepEqual(polls({}), [true, undefined])
    assert.deepEqual(polls({ pollAt: now + 1 }), [false, now + 1])
  })
  it('never without an interval or without an account', () => {
    assert.equal(polls({ configuration: { ...configuration, pollIntervalMs: 0 } })[0], false)
    assert.equal(polls({ account: accountOf('') })[0], false)
  })
})

describe('DiagnosticsAgent begins', () => {
  const beginning = (kept: Partial<BufferState>) => {
    const { configuration, faults, account, storeMB, leastPeriodMs, told } = stateIn()
    const all = Object.fromEntries(bufferNames.map((name) => [name, { segments: [], sent: 3, ...kept }]))
    const shared = { configuration, faults, account, storeMB, leastPeriodMs, told }
    const { pollAt, buffers } = firstState({ ...shared, kept: all as Parameters<typeof firstState>[0]['kept'] }, now)
    const { transferredAt, collectAt, sent } = buffers.Directories
    return { pollAt, transferredAt, collectAt, sent }
  }
  const at = { pollAt: now, collectAt: now, sent: 3 }

  it('with everything due, and with the period that it was in, by its last transfer or its oldest row (P-14)', () => {
    assert.deepEqual(beginning({}), { ...at, transferredAt: now })
    assert.deepEqual(beginning({ segments: [segment(7)] }), { ...at, transferredAt: 7 })
    assert.deepEqual(beginning({ segments: [segment(7)], transferredAt: 9 }), { ...at, transferredAt: 9 })
  })
})

describe('the configuration says of a buffer (P-14)', () => {
  const MB = 1024 * 1024
  const { counters, directories } = defaultConfiguration
  const quota = (quotaInMB: number, overallQuotaInMB = 100, storeMB = 4_096) => {
    const state = { ...stateIn(), storeMB }
    const logs = { ...defaultConfiguration.logs, quotaInMB }
    const configured = { ...state, configuration: { ...configuration, overallQuotaInMB, logs } }
    return [quotaOf(configured, 'Logs') / MB, segmentLimit(configured, 'Logs') / MB]
  }

  it('how much it may hold: no more than all together, which have no more than their store; a segment is an eighth, of 4 MB at most', () => {
    assert.deepEqual(quota(16), [16, 2])
    assert.deepEqual(quota(64), [64, 4])
    assert.deepEqual(quota(200), [100, 4])
    assert.deepEqual(quota(200, 100, 8), [8, 1])
    assert.deepEqual(quota(0, 24), [24, 3])
  })

  it('whether it is collected at all: counters when there are any, directories when they are transferred', () => {
    const collects = (change: Partial<typeof configuration>) => {
      const state = stateIn({ configuration: { ...configuration, ...change } })
      return bufferNames.filter((name) => isCollected(state, name))
    }
    assert.deepEqual(collects({}), bufferNames)
    assert.deepEqual(
      collects({ counters: { ...counters, samples: [] } }),
      bufferNames.filter((name) => name !== 'PerformanceCounters'),
    )
    assert.deepEqual(
      collects({ directories }),
      bufferNames.filter((name) => name !== 'Directories'),
    )
  })
})

it('all that is wrong is told as one text, the same words once (P-12)', () => {
  const buffer = { failure: failure('transfer', 'The account is away.') }
  const one = stateIn({ faults: ['It is wrong.'], account: accountOf(''), buffer })
  const both = { ...one, buffers: { ...one.buffers, Directories: one.buffers.Logs } }
  const { account } = both
  assert.ok(account.kind === 'none')
  assert.equal(troubleOf(both), `It is wrong. ${account.why} The account is away.`)
  assert.equal(troubleOf(stateIn()), '')
})
