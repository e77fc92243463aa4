import type { Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ApplicationPool } from '../../service-model/application-host/application-host.ts'
import { poolEvents, withFailure } from './failures.ts'
import { newPool, type PoolState, retiring, type W3svcState, withPool, withProcess } from './state.ts'
import type { PoolCommand } from './words.ts'

/** The subject of a decision: an application pool, by its name. */
export type W3svcSubject = string

export type W3svcMessage =
  /** These are the pools now; the others go, with their processes. */
  | { readonly kind: 'configured'; readonly pools: readonly ConfiguredPool[] }
  /** A request waits, and no process serves. */
  | { readonly kind: 'wanted'; readonly pool: string }
  | { readonly kind: 'listening'; readonly pool: string; readonly process: number }
  /** `exit`: as a clause. */
  | { readonly kind: 'ended'; readonly pool: string; readonly process: number; readonly exit: string }
  | PoolCommand

export interface ConfiguredPool {
  readonly settings: ApplicationPool
  readonly fingerprint: string
}

export function receive(state: W3svcState, message: W3svcMessage, now: Instant): Step<W3svcState, W3svcSubject> {
  if (message.kind === 'configured') return configured(state, message.pools, now)
  const pool = poolCalled(state, message.pool)
  if (!pool) return { state, touched: [] }
  return { state: withPool(state, told(pool, message, now)), touched: [pool.settings.name] }
}

/** Names ignore case, as on Windows. */
export function poolCalled({ pools }: W3svcState, name: string): PoolState | undefined {
  const wanted = name.toLowerCase()
  return pools.get(name) ?? [...pools.values()].find(({ settings }) => settings.name.toLowerCase() === wanted)
}

function told(pool: PoolState, message: Exclude<W3svcMessage, { kind: 'configured' }>, now: Instant): PoolState {
  switch (message.kind) {
    case 'wanted':
      return { ...pool, isWanted: true }
    case 'listening':
      return listening(pool, message.process, now)
    case 'ended':
      return ended(pool, message.process, message.exit, now)
    case 'startPool':
      return { ...pool, isStarted: true, failures: [], restsUntil: undefined }
    case 'stopPool':
      return retiring({ ...pool, isStarted: false, isWanted: false }, () => true, now)
    case 'recyclePool':
      return { ...pool, processes: pool.processes.map((one) => ({ ...one, recycles: true })) }
  }
}

/** A pool that still exists keeps its processes: `decide` replaces those that have read another configuration. */
function configured(
  state: W3svcState,
  wanted: readonly ConfiguredPool[],
  now: Instant,
): Step<W3svcState, W3svcSubject> {
  const names = new Set(wanted.map(({ settings }) => settings.name))
  const gone = [...state.pools.values()].filter(({ settings }) => !names.has(settings.name))
  const removed = gone.map((pool) => retiring({ ...pool, isRemoved: true, isWanted: false }, () => true, now))
  const kept = wanted.map(({ settings, fingerprint }) => {
    const before = state.pools.get(settings.name)
    return before && !before.isRemoved
      ? { ...before, settings, fingerprint }
      : { ...newPool(settings, fingerprint), processes: before?.processes ?? [] }
  })
  return {
    state: [...removed, ...kept].reduce(withPool, state),
    touched: [...names, ...gone.map(({ settings }) => settings.name)],
  }
}

/** The newer process takes the new requests, and the others finish theirs (I-26). */
function listening(pool: PoolState, number: number, now: Instant): PoolState {
  if (pool.processes.find((process) => process.number === number)?.state !== 'starting') return pool
  const lookAt = now + pool.settings.idleTimeoutMs
  const serving = withProcess(pool, number, { state: 'serving', since: now, lookAt })
  const others = retiring(serving, (process) => process.state === 'serving' && process.number !== number, now)
  return { ...others, isWanted: false }
}

function ended(pool: PoolState, number: number, exit: string, now: Instant): PoolState {
  const process = pool.processes.find((one) => one.number === number)
  const left = { ...pool, processes: pool.processes.filter((one) => one.number !== number) }
  if (!process || process.state === 'retiring') return left
  const { name } = pool.settings
  const text = `A process serving application pool '${name}' terminated unexpectedly: ${exit}. The process id was '${process.pid}'.`
  return withFailure(left, poolEvents.ended, text, now)
}
