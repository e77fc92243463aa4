/**
 * Results of the probes of one target so far (L-2 to L-5).
 *
 *            bad, or silent for longer than the time-out
 *   ┌──── in ─────────────────────────────────────────▶ out ────┐
 *   good  ▲                                              │      bad or silent: the count starts again
 *   └────▶└──────────────────────────────────────────────┘◀─────┘
 *            as many good ones in a row as it must earn
 *
 * The first state is in: the controller has just reported the instance Ready.
 */
import type { Instant } from '../../kernel/instant.ts'
import type { ProbeOutcome } from '../contract/data-plane.ts'
import type { Probe } from '../contract/rotation.ts'

export interface ProbeState {
  readonly probe: Probe
  /** When the next probe is due. */
  readonly nextAt: Instant
  /** The last good answer; at first the moment at which probing began. */
  readonly goodAt: Instant
  /** What the last probe saw, when it was not good. */
  readonly saw: string | undefined
  readonly out: boolean
  /** When it last came back after having been out. */
  readonly backAt: Instant | undefined
  /** How often in a row it went out soon after coming back. */
  readonly flaps: number
  /** Good answers in a row since it went out. */
  readonly earned: number
}

/** Out again within so many intervals of coming back counts as flapping. Origin: choice. */
const flapWindowIntervals = 8

/** A flapping member must earn 2, 4, then at most 8 good answers in a row (L-4: "more slowly"). Origin: choice. */
const flapLimit = 3

export function firstProbeState(probe: Probe, now: Instant): ProbeState {
  return { probe, nextAt: now, goodAt: now, saw: undefined, out: false, backAt: undefined, flaps: 0, earned: 0 }
}

/** The state after one probe. The next probe is an interval after `nextAt`, when this one began. */
export function observe(state: ProbeState, outcome: ProbeOutcome, now: Instant): ProbeState {
  const nextAt = Math.max(now, state.nextAt + state.probe.intervalMs)
  if (outcome.verdict === 'good') return observeGood({ ...state, nextAt }, now)
  const seen = { ...state, nextAt, saw: outcome.saw, earned: 0 }
  if (seen.out) return seen
  return outcome.verdict === 'bad' || silentTooLong(seen, now) ? takeOut(seen, now) : seen
}

/** Whether the member must get nothing new. Silence takes it out when the time-out has passed, not when the next probe ends. */
export function isHeldOut(state: ProbeState, now: Instant): boolean {
  return state.out || silentTooLong(state, now)
}

/** When silence will take the member out if no good answer comes before; undefined when it will not. */
export function silenceDeadline(state: ProbeState): Instant | undefined {
  return state.out || state.saw === undefined ? undefined : state.goodAt + state.probe.timeoutMs
}

function silentTooLong(state: ProbeState, now: Instant): boolean {
  return state.saw !== undefined && now >= state.goodAt + state.probe.timeoutMs
}

function observeGood(state: ProbeState, now: Instant): ProbeState {
  const out = isHeldOut(state, now)
  const good = { ...state, goodAt: now, saw: undefined }
  if (!out) return good
  // Silence may have taken it out since the last probe: then it goes out here before it can come back.
  const held = state.out ? good : { ...takeOut(state, now), goodAt: now }
  const earned = held.earned + 1
  if (earned < 2 ** held.flaps) return { ...held, saw: `${earned} of ${2 ** held.flaps} good answers`, earned }
  return { ...held, saw: undefined, out: false, backAt: now, earned: 0 }
}

function takeOut(state: ProbeState, now: Instant): ProbeState {
  const soon = state.backAt !== undefined && now - state.backAt < flapWindowIntervals * state.probe.intervalMs
  return { ...state, out: true, earned: 0, flaps: soon ? Math.min(state.flaps + 1, flapLimit) : 0 }
}
