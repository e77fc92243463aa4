import type { Instant } from '../../kernel/instant.ts'
import { type PoolState, retiring } from './state.ts'

/** How long a pool without rapid-fail protection waits after a process that did not start. Origin: choice. */
const restMs = 1_000

/** Events of the original's process activation service, which stand in the channel System. */
export const poolEvents = {
  disabled: 5002,
  ended: 5009,
  slowStart: 5012,
  slowStop: 5013,
  notStarted: 5021,
} as const

/** A process has failed: too many within the interval stop the pool (I-25). */
export function withFailure(pool: PoolState, id: number, text: string, now: Instant): PoolState {
  const { name, rapidFail } = pool.settings
  const failures = [...pool.failures, now].filter((at) => at > now - rapidFail.intervalMs).slice(-rapidFail.failures)
  const untold = [...pool.untold, { id, text }]
  if (!rapidFail.isOn) return { ...pool, failures, untold, restsUntil: now + restMs }
  if (failures.length < rapidFail.failures) return { ...pool, failures, untold }
  const disabled = `Application pool '${name}' is being automatically disabled due to a series of failures in the process(es) serving that application pool: ${failures.length} within ${rapidFail.intervalMs / 1_000} s. Its requests get 503 until it is started again.`
  const off = { ...pool, failures, isStarted: false, isWanted: false }
  return retiring({ ...off, untold: [...untold, { id: poolEvents.disabled, text: disabled }] }, () => true, now)
}
