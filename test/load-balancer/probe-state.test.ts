import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ProbeOutcome } from '../../src/fabric/contract/data-plane.ts'
import {
  firstProbeState,
  isHeldOut,
  observe,
  type ProbeState,
  silenceDeadline,
} from '../../src/fabric/load-balancer/probe-state.ts'

const probe = {
  protocol: 'http',
  address: '127.0.0.1',
  port: 16_001,
  path: '/',
  intervalMs: 15_000,
  timeoutMs: 31_000,
} as const
const outcomes: Readonly<Record<string, ProbeOutcome>> = {
  g: { verdict: 'good' },
  b: { verdict: 'bad', saw: 'HTTP 503' },
  s: { verdict: 'silent', saw: 'no answer' },
}

/** The state after looks at 0, 15, 30 … seconds: g good, b bad, s silent. */
function after(looks: string): ProbeState {
  return Array.from(looks).reduce(
    (state, look, index) => observe(state, outcomes[look] as ProbeOutcome, index * probe.intervalMs),
    firstProbeState(probe, 0),
  )
}

/** `in` or `out` at the moment of the last look. */
function shown(looks: string): string {
  return isHeldOut(after(looks), (looks.length - 1) * probe.intervalMs) ? 'out' : 'in'
}

describe('probe states (L-2 to L-5)', () => {
  it('begins in: the controller has just said Ready', () => {
    assert.equal(isHeldOut(firstProbeState(probe, 0), 0), false)
  })

  for (const [looks, expected, why] of [
    ['g', 'in', 'a good answer keeps it in'],
    ['gb', 'out', 'an answer other than 200 takes it out at once'],
    ['gs', 'in', 'one silence does not'],
    ['gss', 'in', 'nor two: 30 seconds are less than 31'],
    ['gsss', 'out', 'silence for longer than the time-out does'],
    ['gsgss', 'in', 'a good answer between silences starts the time anew'],
    ['gbg', 'in', 'one good answer brings it back'],
    ['gbs', 'out', 'silence does not'],
    ['gbgb', 'out', 'it goes out a second time at once'],
    ['gbgbg', 'out', 'but soon after coming back it must earn two good answers'],
    ['gbgbgg', 'in', 'two good answers'],
    ['gbgbgbg', 'out', 'in a row'],
    ['gbgbggbggg', 'out', 'then four'],
    ['gbgbggbgggg', 'in', 'four good answers'],
    ['gbgssg', 'out', 'to go out by silence counts, too, though it was not looked at meanwhile'],
    ['gbggggggggggbg', 'in', 'a member that was in for long comes back after one again'],
  ] as const)
    it(`${looks}: ${expected} (${why})`, () => assert.equal(shown(looks), expected))

  it('tells when silence will take it out, so that nobody must wait for the next look', () => {
    const silent = after('gs')
    assert.equal(silenceDeadline(silent), 31_000)
    assert.deepEqual([isHeldOut(silent, 30_999), isHeldOut(silent, 31_000)], [false, true])
    assert.equal(silenceDeadline(after('g')), undefined)
    assert.equal(silenceDeadline(after('gb')), undefined)
  })

  it('looks every interval, and goes on looking while it is out', () => {
    assert.equal(after('gbb').nextAt, 45_000)
    assert.equal(
      observe(firstProbeState(probe, 0), { verdict: 'good' }, 100_000).nextAt,
      100_000,
      'no look is made up for',
    )
  })
})
