/** What an agent that was stopped decides, and when, is what it would have: only the time in which it could not hear is left out (H-37). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bootstrapper } from '../../src/guest/bootstrapper/agent.ts'
import { guestAgent } from '../../src/guest/guest-agent/agent.ts'
import { hostAgent } from '../../src/host/agent/agent.ts'
import { allSubjects } from '../../src/host/agent/state.ts'
import type { Action, Agent, Decision } from '../../src/kernel/agent.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import type { Deed } from '../../src/sim/deeds/deed.ts'
import type { SimulatedHost } from '../../src/sim/host.ts'
import { storm } from '../../src/sim/storm.ts'

/** Stopped for a while; the clock set forward; the clock set back. */
const lapses = [13_000, 3_600_000, -3_600_000]

/** Reports name times, which move too: that alone makes one due. */
const reports: readonly string[] = ['report', 'change', 'heartbeat']

/** Compares the agent in that state with itself after each lapse; the answer is how often. */
function compared<State, Subject extends string, Acts extends Action>(
  agent: Pick<Agent<State, never, Subject, Acts, never>, 'decide' | 'lapsed'>,
  state: State | undefined,
  subjects: readonly Subject[],
  now: Instant,
): number {
  if (!state) return 0
  for (const ms of lapses) {
    const later = agent.lapsed?.(state, ms, now + ms).state as State
    for (const subject of subjects) {
      const before: Decision<Acts> = agent.decide(state, subject, now)
      const after: Decision<Acts> = agent.decide(later, subject, now + ms)
      assert.deepEqual(effectsOf(after), effectsOf(before), `${subject} after ${ms} ms`)
      if (effectsOf(after).length < after.actions.length) continue
      const inMs = (at: Instant | undefined, from: Instant) => (at === undefined ? undefined : at - from)
      assert.equal(inMs(after.wakeAt, now + ms), inMs(before.wakeAt, now), `${subject} after ${ms} ms`)
    }
  }
  return lapses.length * subjects.length
}

function effectsOf({ actions }: Decision<Action>): readonly string[] {
  return actions.map(({ key }) => key).filter((key) => !reports.includes(key))
}

const agents: Readonly<Record<string, (host: SimulatedHost) => number>> = {
  'Host Agent': (host) => {
    const state = host.agent()
    return compared(hostAgent, state, state ? allSubjects(state) : [], host.now())
  },
  'guest agent': (host) =>
    sum(host.machine.guests().map((guest) => compared(guestAgent, guest.states().guestAgent, ['guest'], host.now()))),
  bootstrapper: (host) =>
    sum(
      host.machine.guests().map((guest) => compared(bootstrapper, guest.states().bootstrapper, ['role'], host.now())),
    ),
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

/** Compares at every moment that a storm comes to it. */
function comparing(compare: (host: SimulatedHost) => number): { readonly deed: Deed; readonly times: () => number } {
  let times = 0
  return {
    deed: {
      weight: 60,
      run({ hosts }) {
        times += sum([...hosts.values()].map(compare))
        return undefined
      },
    },
    times: () => times,
  }
}

describe('an agent that was stopped, or whose clock was set', () => {
  for (const [name, compare] of Object.entries(agents))
    it(`decides as before, at any moment of a storm: the ${name}`, () => {
      const { deed, times } = comparing(compare)
      for (const seed of [1, 2, 3, 4]) assert.equal(storm(seed, [deed]).broken, undefined)
      assert.ok(times() > 100)
    })
})
