import type { Step } from '../../kernel/agent.ts'
import { askAgainMs, isCutOff, turnMs } from '../contract/cut-off.ts'
import type { HostOutcome } from './action.ts'
import { hasOthers } from './contact.ts'
import type { HostSubject } from './message.ts'
import type { Contact, HostState, Unanswered } from './state.ts'
import { containerSubject } from './subject.ts'
import type { WitnessSaid } from './witness-said.ts'

/**
 * A host among several machines that no master answers (H-38). It asks the others. When one of them has heard a master meanwhile, or when fewer than
 * half of all machines are left with it, the host is isolated: its guests stop, before the fabric starts their instances elsewhere. When the others live
 * and have not heard a master either, there is none, and nothing stops.
 *
 * unanswered ─▶ isolated ─▶ a goal that was asked for after the next registration: as it says.
 */

/** For so long no master has answered. Time in which this host slept counts, since the fabric did not wait for it. */
export function receiveUnanswered(
  state: HostState,
  { ms, isRefused = false }: { readonly ms: number; readonly isRefused?: boolean | undefined },
): Step<HostState, HostSubject> {
  if (!hasOthers(state)) return { state, touched: [] }
  const former = state.contact?.unanswered
  // A master has answered meanwhile, and then no more.
  const isNew = !former || ms < former.ms
  const unanswered: Unanswered = isNew ? { ms, askAtMs: ms, isolatedAnswers: 0 } : { ...former, ms }
  const contact: Contact = { startsNothing: false, ...state.contact, unanswered }
  // Only a goal that is asked for after a registration shows what is wanted now.
  const reporting = former ? state.reporting : { ...state.reporting, registered: false, complete: false }
  const next = { ...state, contact, reporting }
  const isRemoved = isRefused && contact.isolated === undefined && ms >= state.configuration.timers.hostIsolatedAfter
  return isRemoved
    ? isolatedWith(next, contact, `The fabric does not know this machine any more: ${stopped}`)
    : { state: next, touched: ['host'] }
}

/** What follows from the others' answers. They are asked again; one who asks only once may ask while a master takes over. */
export function settleWitnesses(state: HostState, outcome: HostOutcome): Step<HostState, HostSubject> {
  const { contact, configuration } = state
  const unanswered = contact?.unanswered
  if (!contact || !unanswered || contact.isolated !== undefined || outcome.kind !== 'witnesses')
    return { state, touched: [] }
  const { timers } = configuration
  const seen = heardLater(outcome.said, unanswered.ms, turnMs(timers)) ?? unanswered.seen
  const reason = seen ?? cutOffBecause(outcome.said)
  const again = (afterMs: number, isolatedAnswers: number) =>
    noted(state, {
      ...contact,
      unanswered: { ...unanswered, seen, askAtMs: unanswered.ms + afterMs, isolatedAnswers },
    })
  if (reason === undefined) return again(askAgainMs(timers), 0)
  if (unanswered.isolatedAnswers === 0 || unanswered.ms < timers.hostIsolatedAfter) return again(turnMs(timers), 1)
  const silence = `No master of the fabric answered this host for ${Math.round(unanswered.ms / 1_000)} s`
  return isolatedWith(state, contact, `${silence}, and ${reason}: ${stopped}`)
}

const stopped = 'its role instances were stopped, since the fabric may start them elsewhere.'

/** Nothing that is stored changes: a host with a full disk can do it. */
function isolatedWith(state: HostState, contact: Contact, isolated: string): Step<HostState, HostSubject> {
  return {
    state: { ...state, contact: { ...contact, isolated }, reporting: { ...state.reporting, isolated } },
    touched: ['host', ...[...state.containers.keys()].map(containerSubject)],
  }
}

/** The guests were ended, or not all of them: then once more at the next look. */
export function settleEnd(state: HostState): Step<HostState, HostSubject> {
  const { contact } = state
  if (!contact) return { state, touched: [] }
  return { state: { ...state, contact: { ...contact, endedAtMs: contact.unanswered?.ms } }, touched: [] }
}

function noted(state: HostState, contact: Contact): Step<HostState, HostSubject> {
  return { state: { ...state, contact }, touched: [] }
}

/** The words of another machine that has heard a master when this one did not: one such answer is true for good, and the machine may fall silent. */
function heardLater(said: readonly WitnessSaid[], ms: number, turn: number): string | undefined {
  const witness = said.find(({ agoMs }) => agoMs !== undefined && agoMs < ms - turn)
  return witness && `${witness.machine} has heard one ${Math.round((witness.agoMs ?? 0) / 1_000)} s ago`
}

/**
 * Why this host has to take itself for cut off, as a clause; undefined: it has not. Others count that have heard no master, or whose Host Agent does not
 * run or does not get on, so that no master hears them: not those that refuse to say, and nobody where a filter may refuse in the place of all.
 */
function cutOffBecause(said: readonly WitnessSaid[]): string | undefined {
  const living = said.filter(({ kind }) => kind === 'heard' || kind === 'never' || kind === 'slow').length
  const others = living === 0 ? 0 : living + said.filter(({ kind }) => kind === 'down').length
  if (!isCutOff(others + 1, said.length + 1)) return undefined
  return others === 0 ? 'no other machine does' : `only ${others} of ${said.length} other machines answer`
}
