import type { Health } from '../../guest/contract/health.ts'
import type { HostState } from './state.ts'

/** How long the answer to a health report is held: until the condition is true of the committed state, but at most for this time. */
export interface Hold {
  readonly isOver: (state: HostState) => boolean
  readonly limitMs: number
}

/**
 * The hold of a report, asked before the report is taken in. A report that leaves Ready waits until the instance is out of rotation, any other for a
 * new incarnation, for as long as its sender allows (wire-server.md 7).
 */
export function holdOf(before: HostState, health: Health, waitMs: number, inHand = health.goalStateIncarnation): Hold {
  const { containerId } = health
  if (health.state !== 'Ready' && mayBeIn(before, health))
    return { isOver: (state) => knowsIt(state, health), limitMs: before.configuration.timers.rotationOutLimit }
  return { isOver: (state) => incarnationOf(state, containerId) !== inHand, limitMs: waitMs }
}

/** Newest incarnation of a container; 0 when there is none. */
export function incarnationOf({ containers }: HostState, containerId: string): number {
  return containers.get(containerId)?.record.incarnation ?? 0
}

/** True: the controller has the instance as Ready, or a report of this is on its way, so it may be in rotation. */
function mayBeIn({ reporting, containers }: HostState, { containerId, instanceId }: Health): boolean {
  const saidReady = containers.get(containerId)?.health?.state === 'Ready'
  return saidReady || reporting.acknowledged.get(instanceId)?.status === 'ReadyRole'
}

/** True: the controller has acknowledged a status that is not older than the present one. */
function knowsIt({ reporting, containers }: HostState, { containerId, instanceId }: Health): boolean {
  const known = reporting.acknowledged.get(instanceId)
  const since = containers.get(containerId)?.since ?? 0
  return known !== undefined && known.status !== 'ReadyRole' && known.since >= since
}
