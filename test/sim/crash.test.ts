/** Killed at any commit, the controller and the Host Agents lose nothing that was accepted (design.md 1, 9.10; O-6). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { liveThrough, type Victim } from '../../src/sim/crash.ts'

type Case = readonly [life: Parameters<typeof liveThrough>[0], victim: Victim]

const cases: readonly Case[] = [
  ['plain', 'controller'],
  ['plain', 'host-0'],
  ['upgraded', 'controller'],
  ['serviced', 'controller'],
  ['swapped', 'controller'],
  ['plain', 'guest agent of Web_IN_0'],
  ['upgraded', 'guest agent of Web_IN_0'],
]

describe('a service of six instances', () => {
  for (const [life, victim] of cases)
    it(`that is ${life} lives on when ${victim} dies before or after any of its writes`, () => {
      const undisturbed = liveThrough(life, victim)
      assert.deepEqual(undisturbed.complaints, [], undisturbed.transcript.join('\n'))
      assert.ok(undisturbed.writes > 20, `${undisturbed.writes} writes are too few to be a life`)
      for (let write = 0; write < undisturbed.writes; write++)
        // A longer life has one of the two at each write, in turn: what differs between them is the same for every write.
        for (const when of (['before', 'after'] as const).filter(
          (_, index) => life === 'plain' || index === write % 2,
        )) {
          const { complaints, transcript } = liveThrough(life, victim, { write, when })
          assert.deepEqual(complaints, [], `death ${when} write ${write}\n${transcript.join('\n')}`)
        }
    })
})
