import type { Drive } from '../../guest/contract/guest-paths.ts'
import { isCut, mayStart } from './contact.ts'
import type { Container, HostState } from './state.ts'

/**
 * The wanted state of a guest now. `restart`: an epoch has grown while it runs, so it stops first, gracefully. `go`: it stops and is then removed.
 */
export type Intent = 'run' | 'restart' | 'stop' | 'go'

export function intentOf(state: Pick<HostState, 'power' | 'contact'>, { goal, record }: Container): Intent {
  if (!goal || goal.deleting) return 'go'
  if (state.power !== 'on' || goal.machine === 'Stopped') return 'stop'
  if (!mayStart(state) && (!record.process || state.contact?.isolated !== undefined)) return 'stop'
  const { guest, c, d, e } = goal.epochs
  const applied = record.epochs
  const grown = guest > applied.guest || c > applied.c || d > applied.d || e > applied.e
  return grown && record.process ? 'restart' : 'run'
}

/** Drives that are rebuilt before the guest starts (table 3.1); the role root may be on E: or F: (S-34). */
export function drivesToRebuild({ goal, record }: Container): readonly Drive[] {
  if (!goal) return []
  const grown: Drive[] = [...record.rebuild]
  if (goal.epochs.c > record.epochs.c) grown.push('c')
  if (goal.epochs.d > record.epochs.d) grown.push('d')
  if (goal.epochs.e > record.epochs.e) grown.push('e', 'f')
  return [...new Set(grown)]
}

/** When to stop waiting for a requested stop: OnStop has its limit, and the guest needs time to hear of the stop and to report its end. */
export function stopDeadline({ configuration: { timers } }: HostState, { record, stopCountsFrom }: Container): number {
  return (stopCountsFrom ?? record.stoppingSince ?? 0) + timers.onStopLimit + 2 * timers.heartbeatInterval
}

/** True when ending the guest's processes loses nothing: its role has stopped, or never began, or its time is over. */
export function stopIsDue(state: HostState, container: Container, now: number): boolean {
  const { health, heard, ended, record } = container
  const roleStopped = health?.state === 'Stopped' && health.goalStateIncarnation === record.incarnation
  return ended || !heard || roleStopped || isCut(state, container) || now >= stopDeadline(state, container)
}
