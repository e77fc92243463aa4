import { moved } from '../../kernel/instant.ts'
import type { Container, HeldPackage, HostState } from './state.ts'

/**
 * Guests get extra time for as long as this agent could not hear them; a wait for a next attempt gets no longer (H-37). Nothing that is stored is
 * moved: on a full disk each commit would be refused for it, and the agent would not even report (F-28).
 */
export function lapsed(state: HostState, ms: number): HostState {
  return {
    ...state,
    containers: new Map([...state.containers].map(([id, container]) => [id, containerAfter(container, ms)])),
    packages: new Map([...state.packages].map(([sha256, held]) => [sha256, retriedLater(held, ms)])),
    roads: moved(state.roads, ms, 'retryAt'),
    reporting: moved(state.reporting, ms, 'registerAt', 'lastReport'),
  }
}

function containerAfter(container: Container, ms: number): Container {
  const stopCountsFrom = container.stopCountsFrom ?? container.record.stoppingSince
  return retriedLater(moved({ ...container, stopCountsFrom }, ms, 'silentFrom', 'stopCountsFrom'), ms)
}

function retriedLater<Tried extends Pick<HeldPackage, 'trouble'>>(tried: Tried, ms: number): Tried {
  return tried.trouble ? { ...tried, trouble: moved(tried.trouble, ms, 'retryAt') } : tried
}
