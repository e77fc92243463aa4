/** What an agent that was stopped decides, and when, is what it would have: only the time in which it could not hear is left out (H-37). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hostAgent } from '../../src/host/agent/agent.ts'
import type { HostSubject } from '../../src/host/agent/messages.ts'
import { allSubjects, type HostState } from '../../src/host/agent/state.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import type { Deed } from '../../src/sim/deeds/deed.ts'
import { storm } from '../../src/sim/storm.ts'

/** Stopped for a while; the clock set forward; the clock set back. */
const lapses = [13_000, 3_600_000, -3_600_000]

/** Compares at every moment that a storm comes to it; the answer is how often it has. */
function comparing(): { readonly deed: Deed; readonly times: () => number } {
  let times = 0
  const compare = (state: HostState, now: Instant) => {
    for (const ms of lapses) {
      const later = hostAgent.lapsed?.(state, ms, now + ms).state as HostState
      for (const subject of allSubjects(state)) {
        assert.deepEqual(decided(later, subject, now + ms), decided(state, subject, now), `${subject} after ${ms} ms`)
        times++
      }
    }
  }
  return {
    deed: {
      weight: 60,
      run({ hosts, clock }) {
        for (const agent of [...hosts.values()].flatMap((host) => host.agent() ?? [])) compare(agent, clock.now())
        return undefined
      },
    },
    times: () => times,
  }
}

/** What is decided, and in how many milliseconds more will be. */
function decided(state: HostState, subject: HostSubject, now: Instant) {
  const { actions, wakeAt } = hostAgent.decide(state, subject, now)
  return { keys: actions.map(({ key }) => key), inMs: wakeAt === undefined ? undefined : wakeAt - now }
}

describe('a Host Agent that was stopped, or whose clock was set', () => {
  for (const seed of [1, 2, 3])
    it(`decides as before, at any moment of the storm of seed ${seed}`, () => {
      const { deed, times } = comparing()
      assert.equal(storm(seed, [deed]).broken, undefined)
      assert.ok(times() > 100)
    })
})
