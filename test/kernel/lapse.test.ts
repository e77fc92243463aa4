import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Agent } from '../../src/kernel/agent.ts'
import { lapseWatch, lookEveryMs } from '../../src/kernel/lapse.ts'
import { loopOf } from '../../src/kernel/loop.ts'
import { nobodySetAside } from '../../src/kernel/set-aside.ts'
import { virtualClock } from '../../src/sim/clock.ts'

/** A watch on two clocks that only the test moves. */
function watched() {
  let now = 1_000_000
  let steady = 5
  const watch = lapseWatch(
    () => now,
    () => steady,
  )
  return {
    watch,
    pass(ranMs: number, setMs = 0) {
      steady += ranMs
      now += ranMs + setMs
    },
  }
}

describe('a lapse (H-37)', () => {
  const table: readonly (readonly [what: string, ranMs: number, setMs: number, lapseMs: number])[] = [
    ['an ordinary look', lookEveryMs, 0, 0],
    ['a busy machine', lookEveryMs + 900, 0, 0],
    ['a clock that is kept in time', lookEveryMs, 400, 0],
    ['a process that was stopped for 13 s', 13_000, 0, 13_000],
    ['a clock set an hour forward', lookEveryMs, 3_600_000, 3_600_000],
    ['a clock set an hour back', lookEveryMs, -3_600_000, -3_600_000],
    ['stopped, and the clock set back meanwhile', 20_000, -5_000, 15_000],
  ]
  for (const [what, ranMs, setMs, lapseMs] of table)
    it(`${what}: ${lapseMs} ms`, () => {
      const { watch, pass } = watched()
      pass(ranMs, setMs)
      assert.equal(watch.look(), lapseMs !== 0)
      assert.equal(watch.take(), lapseMs)
      assert.equal(watch.take(), 0, 'once')
    })
})

describe('a loop', () => {
  /** Its state is what it was asked, in order. */
  const agent: Agent<readonly string[], string, 'only', never, never> = {
    receive: (asked, message) => ({ state: [...asked, message], touched: ['only'] }),
    decide: () => ({ actions: [], wakeAt: 60_000 }),
    settle: (state) => ({ state, touched: [] }),
    setAside: (state) => ({ state, touched: [] }),
    lapsed: (asked, ms) => ({ state: [...asked, `lapsed ${ms}`], touched: ['only'] }),
  }

  it('tells the agent of a lapse before it takes in what has come since, and before it judges', () => {
    const clock = virtualClock(0)
    let lapses = [0]
    const loop = loopOf<readonly string[], string, 'only', never, never>({
      agent,
      state: [],
      rests: [0],
      now: clock.now,
      lapse: () => lapses.shift() ?? 0,
      soon: (run) => void clock.schedule(clock.now(), run),
      schedule: clock.schedule,
      perform() {},
      changed() {},
      defect: ({ thrown }) => assert.fail(thrown as Error),
      lost: ({ reason }) => assert.fail(reason),
    })
    loop.deliver('heard')
    while (clock.step(10));
    lapses = [13_000]
    loop.deliver('heard again')
    while (clock.step(20));
    assert.deepEqual(loop.state(), ['heard', 'lapsed 13000', 'heard again'])
  })

  it('tells it once of a stop that falls into a rest, after the rest itself, by which nobody is overdue (F-28)', () => {
    const clock = virtualClock(0)
    const lapses = [0, 13_000]
    let refusals = 1
    const loop = loopOf<readonly string[], string, 'only', never, never>({
      agent: { ...agent, unheard: (asked, ms) => ({ state: [...asked, `unheard ${ms}`], touched: ['only'] }) },
      state: [],
      rests: [0],
      now: clock.now,
      lapse: () => lapses.shift() ?? 0,
      soon: (run) => void clock.schedule(clock.now(), run),
      // Its rest was over at 5,010, when it was stopped.
      schedule: (at, wake) => clock.schedule(Math.max(at, 14_010), wake),
      commit: (state, ended) =>
        ended(refusals-- > 0 ? { outcome: 'refused', reason: 'The disk is full.' } : { outcome: 'committed', state }),
      perform() {},
      changed() {},
      defect: ({ thrown }) => assert.fail(thrown as Error),
      lost: ({ reason }) => assert.fail(reason),
    })
    clock.schedule(10, () => loop.deliver('refused'))
    while (clock.step(14_010));
    assert.deepEqual(loop.state(), ['unheard 1000', 'lapsed 13000'])
  })
})

it('who is set aside rests no longer because the clock was set back', () => {
  const aside = nobodySetAside<'only'>([2_000])
  aside.note('only', 'decide', 'boom', 3_600_000)
  assert.equal(aside.restsUntil('only', 'decide', 3_601_000), 3_602_000)
  assert.equal(aside.restsUntil('only', 'decide', 1_000), undefined)
})
