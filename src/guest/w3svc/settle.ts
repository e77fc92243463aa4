import type { Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { W3svcAction } from './action.ts'
import { poolEvents, withFailure } from './failures.ts'
import type { W3svcSubject } from './receive.ts'
import { newPool, type PoolState, retiring, type W3svcState, withPool, withProcess } from './state.ts'

export type W3svcOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'started'; readonly process: number; readonly pid: number }
  | { readonly kind: 'failed'; readonly message: string }
  /** Since when it has had no request; undefined while it has one. */
  | { readonly kind: 'looked'; readonly idleSince?: Instant | undefined }

export function settle(
  state: W3svcState,
  action: W3svcAction,
  outcome: W3svcOutcome,
  now: Instant,
): Step<W3svcState, W3svcSubject> {
  const pool = state.pools.get(action.pool) ?? (action.kind === 'start' ? gone(action) : undefined)
  if (!pool) return { state, touched: [] }
  return { state: withPool(state, settled(pool, action, outcome, now)), touched: [action.pool] }
}

/** The pool went while its process was started: that one has to end too. */
function gone({ settings, fingerprint }: W3svcAction & { kind: 'start' }): PoolState {
  return { ...newPool(settings, fingerprint), isRemoved: true }
}

function settled(pool: PoolState, action: W3svcAction, outcome: W3svcOutcome, now: Instant): PoolState {
  switch (action.kind) {
    case 'start':
      return started(pool, action, outcome, now)
    case 'retire':
      return withProcess(pool, action.process, { isTold: true })
    case 'kill':
      return killed(pool, action.process, now)
    case 'look':
      return looked(pool, action.process, outcome.kind === 'looked' ? outcome.idleSince : undefined, now)
    case 'tell':
      return { ...pool, untold: pool.untold.slice(action.events.length) }
  }
}

function started(
  pool: PoolState,
  { fingerprint }: W3svcAction & { kind: 'start' },
  outcome: W3svcOutcome,
  now: Instant,
): PoolState {
  if (outcome.kind !== 'started') {
    const why = outcome.kind === 'failed' ? outcome.message : 'nobody knows why'
    const text = `A process for application pool '${pool.settings.name}' could not be started: ${why}.`
    return withFailure(pool, poolEvents.notStarted, text, now)
  }
  const { process: number, pid } = outcome
  const process = { number, pid, state: 'starting', startedAt: now, since: now, fingerprint } as const
  const all = { ...pool, processes: [...pool.processes, process] }
  return pool.isStarted && !pool.isRemoved ? all : retiring(all, (one) => one.number === number, now)
}

/** It has used up its time; that it was killed is no second failure. */
function killed(pool: PoolState, number: number, now: Instant): PoolState {
  const process = pool.processes.find((one) => one.number === number)
  if (!process) return pool
  const where = `A process serving application pool '${pool.settings.name}' exceeded time limits`
  const end = `and was killed. The process id was '${process.pid}'.`
  const after = withProcess(pool, number, { state: 'retiring', since: now, isTold: true })
  if (process.state === 'starting')
    return withFailure(after, poolEvents.slowStart, `${where} during start up ${end}`, now)
  return { ...after, untold: [...after.untold, { id: poolEvents.slowStop, text: `${where} during shut down ${end}` }] }
}

function looked(pool: PoolState, number: number, idleSince: Instant | undefined, now: Instant): PoolState {
  const { idleTimeoutMs } = pool.settings
  const lookAt = (idleSince ?? now) + idleTimeoutMs
  if (lookAt > now) return withProcess(pool, number, { lookAt })
  return retiring(pool, (process) => process.number === number, now)
}
