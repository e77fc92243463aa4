/** What throws in one subject's thinking costs nobody else anything (F-27), in the loop that runs every agent. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import type { Agent } from '../../src/kernel/agent.ts'
import type { Defect } from '../../src/kernel/loop/troubles.ts'
import { type Loop, loopOf } from '../../src/kernel/loop.ts'
import { together } from '../../src/kernel/together.ts'
import { virtualClock } from '../../src/sim/clock.ts'

const names = ['a', 'b', 'c'] as const
type Name = (typeof names)[number]
type Part = 'receive' | 'decide' | 'settle' | 'perform'

interface State {
  readonly counts: Readonly<Record<Name, number>>
  readonly done: Readonly<Record<Name, number>>
  readonly aside: Readonly<Partial<Record<Name, string>>>
}

const first: State = { counts: { a: 0, b: 0, c: 0 }, done: { a: 0, b: 0, c: 0 }, aside: {} }

interface Act {
  readonly kind: 'add'
  readonly key: string
  readonly reason: string
  readonly name: Name
}

/** Counts what it is told, and brings `done` up to it one action at a time; what is poisoned throws. */
function counting(isPoisoned: (name: Name, part: Part) => boolean): Agent<State, Name, Name, Act, 'done'> {
  const check = (name: Name, part: Part) => {
    if (isPoisoned(name, part)) throw new RangeError(`${part} of ${name}`)
  }
  return {
    receive(state, name) {
      check(name, 'receive')
      return { state: { ...state, counts: { ...state.counts, [name]: state.counts[name] + 1 } }, touched: [name] }
    },
    decide(state, name) {
      check(name, 'decide')
      const isDue = state.done[name] < state.counts[name]
      return { actions: isDue ? [{ kind: 'add', key: `add ${name}`, reason: 'one more', name }] : [] }
    },
    settle(state, { name }) {
      check(name, 'settle')
      return { state: { ...state, done: { ...state.done, [name]: state.done[name] + 1 } }, touched: [] }
    },
    about: (name) => name,
    setAside: (state, name, threw) => ({ state: { ...state, aside: { ...state.aside, [name]: threw } }, touched: [] }),
  }
}

interface Run {
  readonly loop: Loop<State, Name, Name>
  readonly clock: ReturnType<typeof virtualClock>
  /** Every moment at which something was begun for the subject. */
  readonly begun: (name: Name) => readonly number[]
  readonly defects: readonly Defect<Name>[]
  readonly asked: () => number
}

function run(isPoisoned: (name: Name, part: Part, now: number) => boolean): Run {
  const clock = virtualClock(0)
  const agent = counting((name, part) => isPoisoned(name, part, clock.now()))
  const begun: [Name, number][] = []
  const defects: Defect<Name>[] = []
  let asked = 0
  const loop = loopOf<State, Name, Name, Act, 'done'>({
    agent: {
      ...agent,
      decide(state, name, now) {
        asked++
        return agent.decide(state, name, now)
      },
    },
    state: first,
    rests: [0, 2_000, 4_000],
    now: clock.now,
    lapse: () => 0,
    soon: (later) => void clock.schedule(clock.now(), later),
    schedule: clock.schedule,
    perform({ name }, settled, failed) {
      begun.push([name, clock.now()])
      clock.schedule(clock.now() + 10, () =>
        isPoisoned(name, 'perform', clock.now()) ? failed(new RangeError(`perform of ${name}`)) : settled('done'),
      )
    },
    changed() {},
    defect: (defect) => defects.push(defect),
    lost: ({ reason }) => assert.fail(reason),
  })
  return {
    loop,
    clock,
    begun: (name) => begun.flatMap(([one, at]) => (one === name ? [at] : [])),
    defects,
    asked: () => asked,
  }
}

function advance({ clock }: Run, until: number): void {
  while (clock.step(until));
}

describe('a subject that cannot be thought about', () => {
  it('costs no other subject a moment, whatever of it throws and whenever', () => {
    const messages = fc.array(fc.record({ name: fc.constantFrom(...names), at: fc.nat(20_000) }), { maxLength: 60 })
    const parts = fc.constantFrom<Part>('receive', 'decide', 'settle', 'perform')
    fc.assert(
      fc.property(messages, parts, fc.nat(20_000), (told, part, from) => {
        const runs = [
          run((name, during, now) => name === 'a' && during === part && now >= from),
          run(() => false),
        ] as const
        for (const one of runs) {
          for (const { name, at } of told) one.clock.schedule(at, () => one.loop.deliver(name))
          advance(one, 60_000)
        }
        const [poisoned, sound] = runs
        for (const name of ['b', 'c'] as const) {
          assert.deepEqual(poisoned.begun(name), sound.begun(name))
          assert.equal(poisoned.loop.state().done[name], sound.loop.state().done[name])
          assert.equal(poisoned.loop.state().aside[name], undefined)
        }
        assert.ok(poisoned.asked() < 400, `${poisoned.asked()} decisions make a busy loop`)
      }),
    )
  })

  for (const part of ['receive', 'decide', 'settle', 'perform'] as const)
    it(`is named with what ${part} threw, once, and comes back by itself`, () => {
      const one = run((_, during, now) => during === part && now < 9_000)
      one.loop.deliver('a')
      advance(one, 1)
      if (part === 'perform') advance(one, 20)
      advance(one, 30)
      assert.equal(one.loop.state().aside.a, `RangeError: ${part} of a`)
      advance(one, 8_000)
      assert.deepEqual(
        one.defects.map(({ subject, during }) => [subject, during]),
        [['a', part === 'settle' || part === 'perform' ? 'action add a' : part]],
      )
      one.clock.schedule(9_000, () => part === 'receive' && one.loop.deliver('a'))
      advance(one, 30_000)
      assert.equal(one.loop.state().aside.a, undefined)
      assert.equal(one.loop.state().done.a, 1)
    })

  it('rests longer each time, and no time that is a busy loop', () => {
    const one = run((_, part) => part === 'perform')
    one.loop.deliver('a')
    advance(one, 20_000)
    const pauses = one.begun('a').map((at, i, all) => at - (all[i - 1] ?? 0))
    assert.deepEqual(pauses.slice(1, 5), [1_010, 2_010, 4_010, 4_010])
  })

  it('leaves the state as it was before a message that is refused, and says so to whoever sent it', () => {
    const one = run((name, part) => name === 'a' && part === 'receive')
    const ends: (string | undefined)[] = []
    for (const name of ['a', 'b'] as const) one.loop.deliver(name, (fault) => ends.push(fault?.message))
    advance(one, 100)
    assert.match(ends[0] ?? '', /RangeError: receive of a/)
    assert.equal(ends[1], undefined)
    assert.deepEqual(one.loop.state().counts, { a: 0, b: 1, c: 0 })
  })

  it('answers the questions that do not throw', () => {
    const error = new Error('no')
    const decision = together([
      () => ({ actions: [], wakeAt: 7 }),
      () => {
        throw error
      },
      () => ({ actions: [{ kind: 'x', key: 'x', reason: '' }], wakeAt: 5 }),
    ])
    assert.deepEqual(decision, { actions: [{ kind: 'x', key: 'x', reason: '' }], wakeAt: 5, thrown: { error } })
  })
})
