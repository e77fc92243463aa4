import { setTimeout as pause } from 'node:timers/promises'
import type { StoreAnswer } from '../../../kernel/store.ts'
import type { EtcdReply, Gateway } from './gateway.ts'
import { keys } from './keys.ts'
import { type Change, type Transacted, transact } from './transaction.ts'

/** All that is sent of a batch, each time the same. */
export interface Batch {
  readonly epoch: number
  /** Mark of the batch before. */
  readonly after: string
  readonly mark: string
  readonly changes: readonly Change[]
}

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
    const reply = await send(gateway, batch, limitMs)
    if (reply.ok) return outcomeOf(batch, reply.value, isCertain)
    isCertain &&= reply.why !== 'unanswered'
    if (isCertain && (reply.why === 'refused' || performance.now() - began > unreachedMs))
      return { outcome: 'refused', reason: reply.reason }
    await pause(retryMs)
  }
  return { outcome: 'unknown', reason: 'The store was closed.' }
}

function send(
  gateway: Gateway,
  { epoch, after, mark, changes }: Batch,
  limitMs: number,
): Promise<EtcdReply<Transacted>> {
  return transact(
    gateway,
    {
      compare: [
        { key: keys.epoch, value: String(epoch) },
        { key: keys.batch, value: after },
      ],
      changes: [...changes, { key: keys.batch, value: mark }],
      asked: [keys.epoch, keys.batch],
    },
    limitMs,
  )
}

/**
 * When the comparison failed, an earlier attempt is stored, or a newer master has the store. `isCertain`: there was no attempt that may have been
 * stored before that master came.
 */
function outcomeOf({ epoch, mark }: Batch, { succeeded, found }: Transacted, isCertain: boolean): StoreAnswer {
  const here = (key: string) => found.get(key)?.value
  if (succeeded || here(keys.batch) === mark) return { outcome: 'stored' }
  if (here(keys.epoch) === String(epoch))
    return {
      outcome: 'unknown',
      reason: `The store in etcd was changed by something else than a fabric controller: its last batch is ${here(keys.batch)}.`,
    }
  return {
    outcome: isCertain ? 'superseded' : 'unknown',
    reason: 'Another fabric controller has taken over the store in etcd: this one is no longer master.',
  }
}

function sizeOf({ changes }: Batch): number {
  return changes.reduce((sum, { value = '' }) => sum + value.length, 0)
}
