import type { Step } from '../../kernel/agent.ts'
import type { W3svcSubject } from './receive.ts'
import type { PoolState, W3svcState } from './state.ts'

/** Processes are not judged by time in which their messages could not arrive (H-37). */
export function lapsed(state: W3svcState, ms: number): Step<W3svcState, W3svcSubject> {
  const moved = [...state.pools].map(([name, pool]) => [name, later(pool, ms)] as const)
  return { state: { ...state, pools: new Map(moved) }, touched: [...state.pools.keys()] }
}

function later(pool: PoolState, ms: number): PoolState {
  const { processes, failures, restsUntil } = pool
  return {
    ...pool,
    failures: failures.map((at) => at + ms),
    restsUntil: restsUntil && restsUntil + ms,
    processes: processes.map((process) => ({
      ...process,
      startedAt: process.startedAt + ms,
      since: process.since + ms,
      lookAt: process.lookAt && process.lookAt + ms,
    })),
  }
}
