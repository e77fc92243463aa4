/** Killed at any commit, the controller and the Host Agents lose nothing that was accepted (design.md 1, 9.10; O-6). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { liveThrough, type Victim } from '../../src/sim/crash.ts'

describe('a service of six instances', () => {
  for (const victim of ['controller', 'host-0'] satisfies Victim[])
    it(`lives on when ${victim} dies before or after any of its writes`, () => {
      const undisturbed = liveThrough(victim)
      assert.deepEqual(undisturbed.complaints, [])
      assert.ok(undisturbed.writes > 20, `${undisturbed.writes} writes are too few to be a life`)
      for (let write = 0; write < undisturbed.writes; write++)
        for (const when of ['before', 'after'] as const) {
          const { complaints, transcript } = liveThrough(victim, { write, when })
          assert.deepEqual(complaints, [], `death ${when} write ${write}\n${transcript.join('\n')}`)
        }
    })
})
