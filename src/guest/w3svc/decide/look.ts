import type { PoolQuestion } from '../action.ts'
import { servingProcess } from '../state.ts'

/** Whether the process has had nothing to do for the idle time-out (I-24). An always running process has no time-out. */
export const look: PoolQuestion = (pool, now) => {
  const { name, idleTimeoutMs, startMode } = pool.settings
  const { number, lookAt } = servingProcess(pool) ?? {}
  if (number === undefined || lookAt === undefined || idleTimeoutMs === 0 || startMode === 'AlwaysRunning')
    return { actions: [] }
  if (now < lookAt) return { actions: [], wakeAt: lookAt }
  const reason = `It may have been idle for ${idleTimeoutMs / 60_000} min.`
  return { actions: [{ kind: 'look', key: `look ${number}`, reason, pool: name, process: number }] }
}
