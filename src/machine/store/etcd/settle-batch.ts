import { setTimeout as pause } from 'node:timers/promises'
import type { StoreAnswer } from '../../../kernel/store.ts'
import { type Batch, outcomeOf, transactionOf } from './batch.ts'
import type { Gateway } from './gateway.ts'
import { transact } from './transaction.ts'

/** For one attempt, beside the time for its size, in milliseconds: a commit takes 5, on a busy disk some hundred. Origin: choice. */
const attemptMs = 1_000

/** What a mebibyte may take in three members on a busy machine, in milliseconds. Origin: choice. */
const attemptMsOfMebibyte = 1_000

/** After an attempt that failed, in milliseconds. Origin: choice. */
const retryMs = 100

/** After how long without anybody to send it to a batch is refused, in milliseconds. Origin: choice, below the 3 s in which a command is answered. */
const unreachedMs = 2_000

/**
 * Sends a batch, unchanged, until it is known what became of it. While etcd has no quorum, that may be never: who waits has limits of its own. `unknown`
 * only when someone else than a master has changed the store.
 */
export async function settleBatch(gateway: Gateway, batch: Batch, signal: AbortSignal): Promise<StoreAnswer> {
  const limitMs = attemptMs + Math.ceil((attemptMsOfMebibyte * sizeOf(batch)) / 1_048_576)
  const began = performance.now()
  for (let isCertain = true; !signal.aborted; ) {
    const reply = await transact(gateway, transactionOf(batch), limitMs)
    if (reply.ok) return outcomeOf(batch, reply.value, isCertain)
    isCertain &&= reply.why !== 'unanswered'
    if (isCertain && (reply.why === 'refused' || performance.now() - began > unreachedMs))
      return { outcome: 'refused', reason: reply.reason }
    await pause(retryMs)
  }
  return { outcome: 'unknown', reason: 'The store was closed.' }
}

function sizeOf({ changes }: Batch): number {
  return changes.reduce((sum, { value = '' }) => sum + value.length, 0)
}
