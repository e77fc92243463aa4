/** Nothing is seen, said or done that is not committed, however long a commit takes and whatever comes of it (F-28). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { Agent } from '../../src/kernel/agent.ts'
import type { Commit } from '../../src/kernel/commit.ts'
import { type LoopParts, loopOf } from '../../src/kernel/loop.ts'
import { virtualClock } from '../../src/sim/clock.ts'

interface State {
  /** What was told, in order. */
  readonly told: readonly string[]
  /** What has been begun by an effect, and what was resolved for it without one. */
  readonly sent: readonly string[]
  readonly noted: readonly string[]
  readonly lapsedMs: number
  readonly aside?: string | undefined
}

interface Act {
  readonly kind: 'note' | 'send'
  readonly key: string
  readonly reason: string
  readonly what: string
}

type Decided = Act & { readonly kind: 'note' }

const first: State = { told: [], sent: [], noted: [], lapsedMs: 0 }

/** Notes whatever it is told, without an effect, and sends it when it is noted. */
const agent: Agent<State, string, 'only', Act, 'done', Decided> = {
  receive: (state, what) => ({ state: { ...state, told: [...state.told, what] }, touched: ['only'] }),
  decide({ told, noted, sent }) {
    const act = (kind: Act['kind'], what: string) => ({ kind, key: `${kind} ${what}`, reason: 'it was told', what })
    return {
      actions: told.flatMap((what) =>
        noted.includes(what) ? (sent.includes(what) ? [] : [act('send', what)]) : [act('note', what)],
      ),
      wakeAt: 60_000,
    }
  },
  resolve: (state, { kind, what }) =>
    kind === 'note' ? { state: { ...state, noted: [...state.noted, what] }, touched: [] } : undefined,
  settle: (state, { what }) => ({ state: { ...state, sent: [...state.sent, what] }, touched: [] }),
  setAside: (state, _, aside) => ({ state: { ...state, aside }, touched: [] }),
  lapsed: (state, ms) => ({ state: { ...state, lapsedMs: state.lapsedMs + ms }, touched: ['only'] }),
  about: () => 'only',
}

/** What the store says of a commit; undefined: nothing, ever. */
type Fate = 'committed' | 'refused' | 'superseded' | 'unknown' | undefined

/** A loop above a store that takes `ms` for each commit, and says of the first ones what is listed. */
function run(
  ms: number,
  fates: readonly Fate[] = [],
  change: Partial<LoopParts<State, string, 'only', Act, 'done', Decided>> = {},
) {
  const clock = virtualClock(1)
  const left = [...fates]
  const log: string[] = []
  const stored: State[] = [first]
  let underWay = 0
  const loop = loopOf<State, string, 'only', Act, 'done', Decided>({
    agent,
    state: first,
    rests: [0],
    now: clock.now,
    lapse: () => 0,
    soon: (then) => void clock.schedule(clock.now(), then),
    schedule: clock.schedule,
    commit(state, ended) {
      assert.equal(underWay++, 0, 'one commit at a time')
      const fate = left.length > 0 ? left.shift() : 'committed'
      const end = () => {
        underWay--
        if (fate === 'committed') stored.push(state)
        ended(
          fate === 'committed' ? { outcome: fate, state } : ({ outcome: fate, reason: 'it says so.' } as Commit<State>),
        )
      }
      if (fate === undefined) return
      if (ms === 0) end()
      else clock.schedule(clock.now() + ms, end)
    },
    perform({ what }, settled) {
      assert.ok(
        stored.some(({ noted }) => noted.includes(what)),
        `${what} is sent and was not stored`,
      )
      log.push(`${clock.now()} send ${what}`)
      clock.schedule(clock.now() + 5, () => settled('done'))
    },
    changed(state) {
      assert.equal(stored.at(-1), state)
      log.push(`${clock.now()} seen ${state.told.join(' ')}`)
    },
    defect: ({ thrown }) => assert.fail(thrown as Error),
    lost: ({ outcome, reason }) => log.push(`${clock.now()} ${outcome}: ${reason}`),
    ...change,
  })
  const tell = (at: number, what: string) =>
    clock.schedule(at, () =>
      loop.deliver(what, (fault) => {
        if (!fault) assert.ok(loop.state().told.includes(what), `${what} is confirmed and not seen`)
        log.push(`${clock.now()} ${what} is ${fault ? fault.code : 'taken'}`)
      }),
    )
  const until = (at: number) => {
    while (clock.step(at)) assert.ok(stored.includes(loop.state()), 'what is seen is stored')
  }
  return { loop, log, tell, until, stored }
}

describe('a commit that takes its time', () => {
  it('is followed by one of all that came meanwhile; nothing is said, seen or done before it has ended', () => {
    const { log, tell, until, loop } = run(100)
    for (const [at, what] of [
      [10, 'a'],
      [20, 'b'],
      [30, 'c'],
    ] as const)
      tell(at, what)
    until(1_000)
    assert.deepEqual(log.slice(0, 6), [
      '110 a is taken',
      '110 seen a',
      '210 b is taken',
      '210 c is taken',
      '210 seen a b c',
      '210 send a',
    ])
    assert.deepEqual(loop.state().sent, ['a', 'b', 'c'])
  })

  it('is decided upon as of the moment at which it was drained: who spoke since has not been heard yet', () => {
    const asked: number[] = []
    const { tell, until } = run(100, [], {
      agent: {
        ...agent,
        decide: (_, __, now) => {
          asked.push(now)
          return { actions: [], wakeAt: 150 }
        },
      },
    })
    tell(10, 'a')
    tell(149, 'b')
    until(1_000)
    // Commits end at 110, 249 and 349; what is due at 150 is asked in the drain that follows it.
    assert.deepEqual(asked.slice(0, 3), [10, 149, 249])
  })
})

describe('a commit that is refused', () => {
  it('leaves the state before: senders are told to try again, what came of actions is folded after a rest', () => {
    const { log, tell, until, loop } = run(0, ['committed', 'committed', 'refused'])
    tell(10, 'a')
    // The note of a, its effect, and with the outcome of that a message.
    tell(15, 'b')
    until(16)
    assert.deepEqual(log, ['10 a is taken', '10 seen a', '10 seen a', '10 send a', '15 b is ServerBusy'])
    assert.deepEqual([loop.state().told, loop.state().sent], [['a'], []])
    until(10_000)
    assert.deepEqual(loop.state().sent, ['a'])
    assert.equal(log.filter((line) => line.endsWith('send a')).length, 1, 'an effect that has ended is not done again')
  })

  it('does not keep what came of speaking, of which nothing is stored: the next word would wait for it (F-28)', () => {
    const { tell, until, loop } = run(0, ['committed', 'committed', 'refused'], {
      agent: { ...agent, speaks: () => true },
    })
    tell(10, 'a')
    tell(15, 'b')
    until(16)
    assert.deepEqual(loop.state().sent, ['a'])
  })

  it('keeps it when it was refused alone, since it stores something: tried again at once it would be refused for ever', () => {
    const { until, loop, tell } = run(0, ['committed', 'committed', 'refused'], {
      agent: { ...agent, speaks: () => true },
    })
    tell(10, 'a')
    until(16)
    assert.deepEqual(loop.state().sent, [])
    until(10_000)
    assert.deepEqual(loop.state().sent, ['a'])
  })

  it('lets nobody grow older meanwhile, and decides nothing', () => {
    const { log, tell, until, loop } = run(0, ['committed', 'refused'])
    tell(10, 'a')
    until(5_000)
    tell(3_000, 'b')
    until(5_009)
    assert.deepEqual(loop.state().noted, [])
    until(20_000)
    assert.deepEqual(loop.state().noted.toSorted(), ['a', 'b'])
    assert.equal(loop.state().lapsedMs, 5_000)
    assert.ok(log.every((line) => !line.includes('send') || Number(line.split(' ')[0]) >= 5_010))
  })
})

describe('a rest after a refusal', () => {
  for (const [whose, speaks, at] of [
    ['goes on for who stores nothing', true, 1_000],
    ['is one for who stores', false, 5_010],
  ] as const)
    it(whose, () => {
      const decidedAt: number[] = []
      const { tell, until } = run(0, ['refused'], {
        agent: {
          ...agent,
          speaks: () => speaks,
          decide(_, __, now) {
            decidedAt.push(now)
            return { actions: [] }
          },
        },
      })
      tell(10, 'a')
      tell(1_000, 'b')
      until(60_000)
      assert.equal(decidedAt[0], at)
    })
})

describe('a store that refuses every second commit', () => {
  it('stops decisions for the length of a rest, not for as long as it does so', () => {
    const decidedAt: number[] = []
    const refuses = Array.from({ length: 60 }, (_, n): Fate => (n % 2 === 0 ? 'refused' : 'committed'))
    const { tell, until } = run(0, refuses, {
      agent: {
        ...agent,
        decide(_, __, now) {
          decidedAt.push(now)
          return { actions: [] }
        },
      },
    })
    for (let at = 1_000; at <= 60_000; at += 1_000) tell(at, `${at}`)
    until(60_000)
    const gaps = decidedAt.map((at, n) => at - (decidedAt[n - 1] ?? 0))
    assert.ok(decidedAt.length > 5 && Math.max(...gaps) < 12_000, `decided at ${decidedAt.join()}`)
  })
})

describe('a commit of which nobody knows whether it is stored', () => {
  for (const fate of ['unknown', 'superseded'] as const)
    it(`(${fate}) ends the loop: nothing more is said, seen or done`, () => {
      const { log, tell, until, loop } = run(10, [fate])
      tell(10, 'a')
      tell(12, 'b')
      until(100_000)
      assert.deepEqual(log, [`20 ${fate}: it says so.`])
      assert.deepEqual(loop.state(), first)
    })
})

it('whatever a store says, nothing is seen, confirmed or sent that it has not stored, and in the end all is that was not refused', () => {
  const fates = fc.array(fc.constantFrom<Fate>('committed', 'committed', 'refused', 'unknown', undefined), {
    maxLength: 12,
  })
  const messages = fc.array(fc.nat(30_000), { maxLength: 20 })
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 40, 3_000), fates, messages, (ms, said, moments) => {
      const { log, tell, until, loop } = run(ms, said)
      for (const [number, at] of moments.entries()) tell(at + 1, `m${number}`)
      until(200_000)
      const { told, sent } = loop.state()
      const taken = log.flatMap((line) => (line.endsWith(' is taken') ? [line.split(' ')[1]] : []))
      assert.deepEqual(taken, told)
      if (said.includes('unknown') || said.includes(undefined)) return
      assert.deepEqual(sent.toSorted(), told.toSorted())
      assert.equal(new Set(log.filter((line) => line.includes(' send '))).size, told.length)
    }),
  )
})
