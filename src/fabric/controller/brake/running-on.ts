import { firstAskMs, isCutOff, turnMs } from '../../../host/contract/cut-off.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { HostRecord } from '../state/records/host.ts'
import { type FabricState, observe, type SignsOfLife } from '../state/state.ts'

/**
 * What this controller has to assume of hosts that it does not hear, in a fabric of several machines (H-38). A host that is away counts on all others that
 * have not been answered since, if it reaches them. Where it and those are half of all that it knew or more, it takes them for the rest of a fabric
 * without a controller, and runs on. Who reports again, and goes on, shows it a master: then it stops its guests, in its time.
 *
 * silent ─▶ may run on ─▶ (enough others were answered since) has found out ─▶ hostLostAfter later: may be started elsewhere.
 */

/** Whether one of the hosts that are away may run on with what it runs; not one that an operator has excused, or removed: he knows that it is off. */
export function mayRunOn(state: FabricState): boolean {
  const runs = ({ lost, removed, drain }: HostRecord) =>
    lost !== undefined && !lost.excused && !removed && drain?.drainedAt === undefined
  return (
    state.facts.severalMachines === true && state.stored.host.some((host) => runs(host) && !hasToStop(state, host.name))
  )
}

/** When what ran on a host that is away has been stopped, so that it may start elsewhere; undefined while it may run on. */
export function stoppedBy(state: FabricState, name: string): Instant | undefined {
  const { lost, removed, drain } = state.stored.host.get(name) ?? {}
  const isStopped = removed !== undefined || drain?.drainedAt !== undefined || lost?.excused
  if (!state.facts.severalMachines || isStopped || !state.observed.lost.has(name)) return 0
  const found = state.observed.foundOut.get(name)
  return found === undefined ? undefined : found + state.facts.timers.hostLostAfter
}

/** A sign of life of a host. Only one that is answered reports: `machines` is what it knows then. */
export function withSign(
  state: FabricState,
  host: string,
  now: Instant,
  report?: { readonly machines?: number | undefined },
): FabricState {
  if (!state.facts.severalMachines) return state
  const { signs, foundOut, returnedAt } = state.observed
  const former = signsOf(state, host)
  const isBack = report !== undefined && now - former.reportAt > turnMs(state.facts.timers)
  const sign: SignsOfLife = report
    ? {
        at: now,
        reportAt: now,
        reportsSince: isBack ? now : former.reportsSince,
        machines: report.machines ?? former.machines,
      }
    : { ...former, at: now }
  const heard = { signs: signs.set(host, sign), foundOut: foundOut.delete(host) }
  return withFoundOut(observe(state, { ...heard, returnedAt: isBack ? now : returnedAt }))
}

/** Lost hosts that have to stop have found out as they fell silent, or when the last other one was heard again. */
export function withFoundOut(state: FabricState): FabricState {
  const { foundOut, lost, returnedAt } = state.observed
  if (!state.facts.severalMachines || lost.size === foundOut.size) return state
  const found = [...lost].filter((name) => !foundOut.has(name) && hasToStop(state, name))
  if (found.length === 0) return state
  const since = (name: string) => Math.max(returnedAt ?? 0, signsOf(state, name).at)
  return observe(state, { foundOut: foundOut.merge(found.map((name) => [name, since(name)])) })
}

/** How many hosts there are, of those that can answer one another. */
export function hostCount({ stored }: FabricState): number {
  return stored.host.count(({ removed }) => !removed)
}

/** Whether a silent host, with those on which it may count, has to take itself for cut off. */
function hasToStop(state: FabricState, name: string): boolean {
  const { timers } = state.facts
  const { at, machines } = signsOf(state, name)
  const turn = turnMs(timers)
  // A report shows that its host was answered by firstAskMs before it: else it would have registered anew.
  const until = at + turn + firstAskMs(timers) + timers.heartbeatInterval
  const isAnsweredSince = (other: HostRecord) => {
    const { reportAt, reportsSince } = signsOf(state, other.name)
    return other.name !== name && !other.removed && reportAt - Math.max(reportsSince, until) >= turn
  }
  const known = machines ?? state.stored.host.get(name)?.lost?.among ?? hostCount(state)
  // It knows of none that came since; one that was removed may answer it.
  const newcomers = Math.max(0, hostCount(state) - known)
  const answered = Math.max(0, state.stored.host.count(isAnsweredSince) - newcomers)
  return isCutOff(Math.max(1, known - answered), known)
}

/** Of one that this run has not heard, which may have been silent before it. */
function signsOf({ observed, startedAt }: FabricState, host: string): SignsOfLife {
  const never = Number.NEGATIVE_INFINITY
  return observed.signs.get(host) ?? { at: startedAt, reportAt: never, reportsSince: never }
}
