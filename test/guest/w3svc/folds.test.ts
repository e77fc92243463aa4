/** What the listener makes of each thing that it hears or has done: a row is a pool, what comes, and all that is another afterwards. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { W3svcAction } from '../../../src/guest/w3svc/action.ts'
import { receive, type W3svcMessage } from '../../../src/guest/w3svc/receive.ts'
import { settle, type W3svcOutcome } from '../../../src/guest/w3svc/settle.ts'
import { newPool, type PoolState, type W3svcState, type WorkerProcess } from '../../../src/guest/w3svc/state.ts'
import { poolDefaults } from '../../../src/service-model/application-host/application-host.ts'

const now = 1_000_000
const before = now - 7_000
const minute = 60_000
const pool = 'Shop'
const settings = { ...poolDefaults, name: pool }
const relaxed = { ...settings, rapidFail: { ...settings.rapidFail, isOn: false } }

const process = (number: number, change: Partial<WorkerProcess> = {}): WorkerProcess => ({
  number,
  pid: 100 + number,
  state: 'serving',
  startedAt: before,
  since: before,
  fingerprint: '1',
  ...change,
})

/** A pool with these processes, one that serves when nothing is said. */
const poolWith = (change: Partial<PoolState> = {}): PoolState => ({
  ...newPool(settings, '1'),
  processes: [process(1)],
  ...change,
})
const stateWith = (...pools: readonly PoolState[]): W3svcState => ({
  pools: new Map(pools.map((one) => [one.settings.name, one])),
})

/** The fields of the pool that are not as before; 'gone' when it is not there any more. */
function changes(from: PoolState, { pools }: W3svcState): unknown {
  const to = pools.get(pool)
  if (!to) return 'gone'
  const names = new Set([...Object.keys(from), ...Object.keys(to)]) as Set<keyof PoolState>
  const differs = [...names].filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
  return JSON.parse(JSON.stringify(Object.fromEntries(differs.map((name) => [name, to[name] ?? 'none']))))
}

const retiring = { state: 'retiring', since: now } as const
const notStarted = (why: string) => ({
  id: 5021,
  text: `A process for application pool 'Shop' could not be started: ${why}.`,
})
const late = (during: string) => ({
  id: during === 'start up' ? 5012 : 5013,
  text: `A process serving application pool 'Shop' exceeded time limits during ${during} and was killed. The process id was '101'.`,
})
const told = { id: 1, text: 'said already' }

describe('the listener has', () => {
  const start: W3svcAction = { kind: 'start', key: 'k', reason: '', pool, settings, fingerprint: '1' }
  const of = (kind: 'retire' | 'kill' | 'look', number = 1): W3svcAction => ({
    kind,
    key: 'k',
    reason: '',
    pool,
    process: number,
  })
  const started: W3svcOutcome = { kind: 'started', process: 2, pid: 102 }
  const looked = (idleSince?: number): W3svcOutcome => ({ kind: 'looked', idleSince })
  const done: W3svcOutcome = { kind: 'done' }
  const second = process(2, { state: 'starting', startedAt: now, since: now })
  const rows: readonly (readonly [
    when: string,
    pool: PoolState,
    action: W3svcAction,
    outcome: W3svcOutcome,
    differs: unknown,
  ])[] = [
    ['started a process', poolWith(), start, started, { processes: [process(1), second] }],
    [
      'started one for a pool that was stopped meanwhile',
      poolWith({ isStarted: false }),
      start,
      started,
      { processes: [process(1), { ...second, ...retiring }] },
    ],
    [
      'started one for a pool that is going',
      poolWith({ isRemoved: true }),
      start,
      started,
      { processes: [process(1), { ...second, ...retiring }] },
    ],
    [
      'not started one (I-25)',
      poolWith(),
      start,
      { kind: 'failed', message: 'no room' },
      { failures: [now], untold: [notStarted('no room')] },
    ],
    [
      'not started one, and knows no cause',
      poolWith(),
      start,
      done,
      { failures: [now], untold: [notStarted('nobody knows why')] },
    ],
    [
      'not started one of a pool without rapid-fail protection',
      poolWith({ settings: relaxed }),
      start,
      { kind: 'failed', message: 'no room' },
      { failures: [now], untold: [notStarted('no room')], restsUntil: now + 1_000 },
    ],
    ['told one to stop', poolWith(), of('retire'), done, { processes: [process(1, { isTold: true })] }],
    [
      'killed one that did not come up',
      poolWith({ processes: [process(1, { state: 'starting' })] }),
      of('kill'),
      done,
      { processes: [process(1, { ...retiring, isTold: true })], failures: [now], untold: [late('start up')] },
    ],
    [
      'killed one that did not stop, which is no failure',
      poolWith({ processes: [process(1, { state: 'retiring' })], untold: [told] }),
      of('kill'),
      done,
      { processes: [process(1, { ...retiring, isTold: true })], untold: [told, late('shut down')] },
    ],
    ['killed one whose end was heard meanwhile', poolWith(), of('kill', 9), done, {}],
    [
      'looked at one that is busy',
      poolWith(),
      of('look'),
      looked(),
      { processes: [process(1, { lookAt: now + 20 * minute })] },
    ],
    [
      'looked at one that has been idle for less than its limit (I-24)',
      poolWith(),
      of('look'),
      looked(now - 20 * minute + 1),
      { processes: [process(1, { lookAt: now + 1 })] },
    ],
    [
      'looked at one that has been idle for its limit, beside another (I-24)',
      poolWith({ processes: [process(1), process(2)] }),
      of('look'),
      looked(now - 20 * minute),
      { processes: [process(1, retiring), process(2)] },
    ],
    [
      'not been able to look',
      poolWith(),
      of('look'),
      { kind: 'failed', message: 'x' },
      { processes: [process(1, { lookAt: now + 20 * minute })] },
    ],
    [
      'told two events, and a third has come meanwhile',
      poolWith({ untold: [told, told, late('shut down')] }),
      { kind: 'tell', key: 'k', reason: '', pool, events: [told, told] },
      done,
      { untold: [late('shut down')] },
    ],
  ]
  for (const [when, one, action, outcome, differs] of rows)
    it(when, () => {
      const { state, touched } = settle(stateWith(one), action, outcome, now)
      assert.deepEqual(changes(one, state), differs)
      assert.deepEqual(touched, [pool])
    })

  it('started a process for a pool that has gone: that one has to end too', () => {
    const { state, touched } = settle(stateWith(), start, started, now)
    const { isRemoved, processes } = state.pools.get(pool) ?? assert.fail()
    assert.deepEqual([isRemoved, processes, touched], [true, [{ ...second, ...retiring }], [pool]])
  })

  it('not started a process for a pool that has gone, which is nobody’s concern', () => {
    assert.equal(settle(stateWith(), start, { kind: 'failed', message: 'x' }, now).state.pools.size, 0)
    assert.deepEqual(settle(stateWith(), of('kill'), done, now), { state: stateWith(), touched: [] })
  })
})

describe('the listener hears', () => {
  const ended = (number: number): W3svcMessage => ({ kind: 'ended', pool, process: number, exit: 'exit code 1' })
  const listening = (number: number): W3svcMessage => ({ kind: 'listening', pool, process: number })
  const configured = (fingerprint: string): W3svcMessage => ({
    kind: 'configured',
    pools: [{ settings: relaxed, fingerprint }],
  })
  const terminated = {
    id: 5009,
    text: "A process serving application pool 'Shop' terminated unexpectedly: exit code 1. The process id was '101'.",
  }
  const disabled = (failures: number, seconds: number) => ({
    id: 5002,
    text: `Application pool 'Shop' is being automatically disabled due to a series of failures in the process(es) serving that application pool: ${failures} within ${seconds} s. Its requests get 503 until it is started again.`,
  })
  const { intervalMs } = settings.rapidFail
  const recent = Array.from({ length: 4 }, (_, index) => now - intervalMs + 1 + index)
  const rows: readonly (readonly [when: string, pool: PoolState, message: W3svcMessage, differs: unknown])[] = [
    ['that a request waits', poolWith({ processes: [] }), { kind: 'wanted', pool }, { isWanted: true }],
    [
      'that a process takes requests, so that the one before goes (I-26)',
      poolWith({ isWanted: true, processes: [process(1), process(2, { state: 'starting' })] }),
      listening(2),
      {
        isWanted: false,
        processes: [process(1, retiring), process(2, { state: 'serving', since: now, lookAt: now + 20 * minute })],
      },
    ],
    ['that twice', poolWith(), listening(1), {}],
    ['that of nobody', poolWith(), listening(9), {}],
    [
      'that of one that is to go already',
      poolWith({ processes: [process(1, { state: 'retiring' })] }),
      listening(1),
      {},
    ],
    [
      'the end of the process that serves (I-25)',
      poolWith({ processes: [process(1), process(2)] }),
      ended(1),
      { processes: [process(2)], failures: [now], untold: [terminated] },
    ],
    [
      'the end of one that was to go',
      poolWith({ processes: [process(1, { state: 'retiring' })] }),
      ended(1),
      { processes: [] },
    ],
    ['the end of nobody', poolWith(), ended(9), {}],
    [
      'the last end of a pool that goes',
      poolWith({ isRemoved: true, processes: [process(1, { state: 'retiring' })] }),
      ended(1),
      'gone',
    ],
    [
      'the fifth failure within the interval (I-25)',
      poolWith({ failures: recent, isWanted: true, processes: [process(1), process(2)] }),
      ended(1),
      {
        isStarted: false,
        isWanted: false,
        failures: [...recent, now],
        processes: [process(2, retiring)],
        untold: [terminated, disabled(5, intervalMs / 1_000)],
      },
    ],
    [
      'a fifth, when the first is just too old',
      poolWith({ failures: [now - intervalMs, ...recent.slice(1)] }),
      ended(1),
      { processes: [], failures: [...recent.slice(1), now], untold: [terminated] },
    ],
    [
      'the fifth without rapid-fail protection: it knows the last five',
      poolWith({ settings: relaxed, failures: [now - 5, ...recent], untold: [told] }),
      ended(1),
      { processes: [], failures: [...recent, now], untold: [told, terminated], restsUntil: now + 1_000 },
    ],
    [
      'that it starts',
      poolWith({ isStarted: false, failures: recent, restsUntil: now + 5 }),
      { kind: 'startPool', pool: 'shop' },
      { isStarted: true, failures: [], restsUntil: 'none' },
    ],
    [
      'that it stops',
      poolWith({ isWanted: true }),
      { kind: 'stopPool', pool },
      { isStarted: false, isWanted: false, processes: [process(1, retiring)] },
    ],
    [
      'that its processes are to be replaced',
      poolWith(),
      { kind: 'recyclePool', pool },
      { processes: [process(1, { recycles: true })] },
    ],
    [
      'another configuration of it: its processes stay until others take their place',
      poolWith({ failures: recent }),
      configured('2'),
      { settings: relaxed, fingerprint: '2' },
    ],
    [
      'a configuration without it',
      poolWith({ isWanted: true }),
      { kind: 'configured', pools: [] },
      { isRemoved: true, isWanted: false, processes: [process(1, retiring)] },
    ],
    [
      'a configuration that has it again before its processes have ended: it begins anew beside them',
      poolWith({ isRemoved: true, isStarted: false, failures: recent, untold: [told] }),
      configured('2'),
      { settings: relaxed, fingerprint: '2', isRemoved: false, isStarted: true, failures: [], untold: [] },
    ],
  ]
  for (const [when, one, message, differs] of rows)
    it(when, () => {
      const { state, touched } = receive(stateWith(one), message, now)
      assert.deepEqual(changes(one, state), differs)
      assert.deepEqual(touched, [pool])
    })

  it('of a pool that there is not, nothing', () => {
    const message = { kind: 'wanted', pool: 'Other' } as const
    assert.deepEqual(receive(stateWith(poolWith()), message, now), { state: stateWith(poolWith()), touched: [] })
  })
})
