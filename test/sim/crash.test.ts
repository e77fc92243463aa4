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

const several: readonly Case[0][] = ['plain', 'upgraded', 'serviced', 'swapped']

describe('a service of six instances', () => {
  for (const life of several)
    it(`that is ${life} is told nothing else by the next of three candidates, when the master dies before or after any of its commits (A-2)`, () => {
      const undisturbed = liveThrough(life, 'controller', undefined, 3)
      assert.deepEqual(undisturbed.complaints, [], undisturbed.transcript.join('\n'))
      for (let write = 0; write < undisturbed.writes; write++) {
        const when = write % 2 === 0 ? 'before' : 'after'
        const { complaints, stopped, transcript } = liveThrough(life, 'controller', { write, when }, 3)
        const words = `death ${when} write ${write}\n${transcript.join('\n')}`
        assert.deepEqual(complaints, [], words)
        // How often a bad package is started depends on the time that it has.
        if (life !== 'upgraded') assert.deepEqual(stopped, undisturbed.stopped, words)
      }
    })

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
