import type { Drive } from '../../guest/contract/guest-paths.ts'
import type { Container, HostState } from './state.ts'

/**
 * What is wanted of a guest now.
 * `restart`: an epoch has grown while it runs, so it stops first, gracefully. `go`: it stops, and then nothing of it is left.
 */
export type Intent = 'run' | 'restart' | 'stop' | 'go'

export function intentOf({ power }: Pick<HostState, 'power'>, { goal, record }: Container): Intent {
  if (!goal || goal.deleting) return 'go'
  if (power !== 'on' || goal.machine === 'Stopped') return 'stop'
  const { guest, c, d, e } = goal.epochs
  const applied = record.epochs
  const grown = guest > applied.guest || c > applied.c || d > applied.d || e > applied.e
  return grown && record.process ? 'restart' : 'run'
}

/** Drives that are made anew before the guest starts (table 3.1); the role root may be on E: or F: (S-34). */
export function drivesToRebuild({ goal, record }: Container): readonly Drive[] {
  if (!goal) return []
  const grown: Drive[] = [...record.rebuild]
  if (goal.epochs.c > record.epochs.c) grown.push('c')
  if (goal.epochs.d > record.epochs.d) grown.push('d')
  if (goal.epochs.e > record.epochs.e) grown.push('e', 'f')
  return [...new Set(grown)]
}

/** When a stop that was asked for is no longer waited for: OnStop has its limit, and the guest must learn of the stop and tell its end. */
export function stopDeadline({ configuration: { timers } }: HostState, { record }: Container): number {
  return (record.stoppingSince ?? 0) + timers.onStopLimit + 2 * timers.heartbeatInterval
}

/** True when nothing is lost by ending the guest's processes: its role has stopped, or never began, or has had its time. */
export function stopIsDue(state: HostState, container: Container, now: number): boolean {
  const { health, heard, ended, record } = container
  const roleStopped = health?.state === 'Stopped' && health.goalStateIncarnation === record.incarnation
  return ended || !heard || roleStopped || state.power === 'cut' || now >= stopDeadline(state, container)
}
