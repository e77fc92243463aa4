import { isCutOff } from '../../../host/contract/cut-off.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { HostRecord } from '../state/records/host.ts'
import { type FabricState, lastHeard } from '../state/state.ts'

/**
 * What this controller has to assume of hosts that it does not hear, in a fabric of several machines: so many that they may take themselves for the
 * rest of the fabric run on, if they reach one another (H-38). It starts their instances elsewhere only when they have had the time to find out.
 */

/** The hosts that are away, where they may run on. One that an operator has excused, or removed, is known to be off. */
export function runningOn(state: FabricState): readonly string[] {
  const away = awayFrom(state)
  return mayRunOn(state, away, away.length) ? away.map(({ name }) => name) : []
}

/** Until when nothing is healed, since hosts that fall silent may run on with those that are away, or did so until one of them came back. */
export function unclearUntil(state: FabricState, now: Instant): Instant {
  const { hostIsolatedAfter, hostLostAfter } = state.facts.timers
  const away = awayFrom(state)
  const silent = silentBesides(state, now)
  const isUnclear = silent.length > 0 && mayRunOn(state, away, away.length + silent.length)
  const since = Math.max(isUnclear ? now - hostIsolatedAfter : 0, state.observed.clearSince ?? 0)
  return since === 0 ? 0 : since + hostLostAfter
}

/** A host is heard again on which others may have counted: they find out by its witness, in their time. */
export function clearSince(state: FabricState, host: string, now: Instant): Instant | undefined {
  const { clearSince: former } = state.observed
  if (now < lastHeard(state, host) + state.facts.timers.hostIsolatedAfter) return former
  const others = awayFrom(state).filter(({ name }) => name !== host)
  const silent = silentBesides(state, now).filter((name) => name !== host)
  const count = others.length + silent.length
  return count > 0 && mayRunOn(state, others, count + 1) ? now : former
}

/** Not lost, and silent for so long that they ask one another. */
function silentBesides(state: FabricState, now: Instant): readonly string[] {
  const { hostIsolatedAfter } = state.facts.timers
  const isSilent = ({ name, lost, removed }: HostRecord) =>
    !lost && !removed && now >= lastHeard(state, name) + hostIsolatedAfter
  return [...state.stored.host.values()].filter(isSilent).map(({ name }) => name)
}

function awayFrom({ stored }: FabricState): readonly HostRecord[] {
  return [...stored.host.values()].filter(({ lost, removed }) => lost !== undefined && !lost.excused && !removed)
}

/** Whether `silent` hosts, with those that are away, may run on. */
function mayRunOn({ stored, facts }: FabricState, away: readonly HostRecord[], silent: number): boolean {
  // A host that is away knows of none that came later.
  const all = Math.min(stored.host.size, ...away.map(({ lost }) => lost?.among ?? stored.host.size))
  return facts.severalMachines === true && silent > 0 && !isCutOff(silent, all)
}
