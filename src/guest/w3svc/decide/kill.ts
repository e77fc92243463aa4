import type { Decision } from '../../../kernel/agent.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { together } from '../../../kernel/together.ts'
import type { PoolQuestion, W3svcAction } from '../action.ts'
import type { PoolState, WorkerProcess } from '../state.ts'

/** Ends a process that takes too long to start, or to end (I-26), or that starts for nobody. */
export const kill: PoolQuestion = (pool, now) =>
  together(pool.processes.map((process) => () => killOne(pool, process, now)))

function killOne({ settings }: PoolState, process: WorkerProcess, now: Instant): Decision<W3svcAction> {
  const { state, since, number } = process
  const limitMs = { starting: settings.startupTimeLimitMs, retiring: settings.shutdownTimeLimitMs, serving: 0 }[state]
  if (limitMs === 0) return { actions: [] }
  if (now < since + limitMs) return { actions: [], wakeAt: since + limitMs }
  const reason = `It has been ${state} for ${limitMs / 1_000} s.`
  return { actions: [{ kind: 'kill', key: `kill ${number}`, reason, pool: settings.name, process: number }] }
}
