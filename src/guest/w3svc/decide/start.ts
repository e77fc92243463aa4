import type { Instant } from '../../../kernel/instant.ts'
import type { PoolQuestion } from '../action.ts'
import { type PoolState, servingProcess, type WorkerProcess } from '../state.ts'

/** A process for requests that wait (I-23), or one that replaces another while that still serves (I-26). */
export const start: PoolQuestion = (pool, now) => {
  const { settings, fingerprint, isStarted, isRemoved, processes, restsUntil } = pool
  if (!isStarted || isRemoved || processes.some(({ state }) => state === 'starting')) return { actions: [] }
  const { reason, at } = dueOf(pool)
  const startAt = Math.max(at, restsUntil ?? at)
  if (now < startAt) return { actions: [], ...(Number.isFinite(startAt) && { wakeAt: startAt }) }
  const { name } = settings
  return { actions: [{ kind: 'start', key: `start ${name}`, reason, pool: name, settings, fingerprint }] }
}

/** Why and when the pool wants another process. */
function dueOf(pool: PoolState): { readonly reason: string; readonly at: Instant } {
  const serving = servingProcess(pool)
  if (serving) return replacementOf(pool, serving)
  if (pool.isWanted) return { reason: 'A request waits.', at: Number.NEGATIVE_INFINITY }
  if (pool.settings.startMode === 'AlwaysRunning')
    return { reason: 'The pool is always running.', at: Number.NEGATIVE_INFINITY }
  return { reason: '', at: Number.POSITIVE_INFINITY }
}

function replacementOf({ settings, fingerprint }: PoolState, serving: WorkerProcess) {
  const at = Number.NEGATIVE_INFINITY
  if (serving.fingerprint !== fingerprint) return { reason: 'The configuration has changed.', at }
  if (serving.recycles) return { reason: 'Somebody asked for it.', at }
  const { periodicRestartMs } = settings
  const dueAt = periodicRestartMs > 0 ? serving.startedAt + periodicRestartMs : Number.POSITIVE_INFINITY
  return { reason: `Its time of ${periodicRestartMs / 60_000} min is over.`, at: dueAt }
}
