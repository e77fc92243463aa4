import type { Instant } from '../../kernel/instant.ts'
import type { ApplicationPool } from '../../service-model/application-host/application-host.ts'
import type { PoolDoor, PoolDoors } from '../contract/pool-door.ts'

/**
 * A w3wp. `starting` → `serving` once it takes requests → `retiring`: it gets no new request, is asked to stop when it has none in
 * flight, and ends. It is known until its end is reported.
 */
export interface WorkerProcess {
  /** The number in the name of its socket. */
  readonly number: number
  readonly pid: number
  readonly state: 'starting' | 'serving' | 'retiring'
  readonly startedAt: Instant
  /** Since when it is in this state. */
  readonly since: Instant
  /** The configuration when it was started. */
  readonly fingerprint: string
  /** Another one is to take its place, by command. */
  readonly recycles?: boolean | undefined
  /** `retiring`: it has been let go. */
  readonly isTold?: boolean | undefined
  /** When to look whether it is idle. */
  readonly lookAt?: Instant | undefined
}

/** A line of the channel `System`. */
export interface PoolEvent {
  readonly id: number
  readonly text: string
}

export interface PoolState {
  readonly settings: ApplicationPool
  /** Everything of the configuration that its processes have read; another one: they are replaced. */
  readonly fingerprint: string
  readonly isStarted: boolean
  /** The configuration no longer has this pool: it is removed after its last process has ended. */
  readonly isRemoved: boolean
  /** A request waits for a process. */
  readonly isWanted: boolean
  /** The oldest first. */
  readonly processes: readonly WorkerProcess[]
  /** When processes have failed, within the interval of rapid-fail protection. */
  readonly failures: readonly Instant[]
  /** No process is started before. */
  readonly restsUntil?: Instant | undefined
  /** Events not written yet. */
  readonly untold: readonly PoolEvent[]
}

/** Pools by their names as they are configured. */
export interface W3svcState {
  readonly pools: ReadonlyMap<string, PoolState>
}

/** The listener before IISConfigurator has written anything. */
export const firstState: W3svcState = { pools: new Map() }

export function newPool(settings: ApplicationPool, fingerprint: string): PoolState {
  return {
    settings,
    fingerprint,
    isStarted: settings.autoStart,
    isRemoved: false,
    isWanted: false,
    processes: [],
    failures: [],
    untold: [],
  }
}

/** The process that gets new requests; a newer one that starts does not serve yet. */
export function servingProcess({ processes }: PoolState): WorkerProcess | undefined {
  return processes.findLast(({ state }) => state === 'serving')
}

export function doorsOf({ pools }: W3svcState): PoolDoors {
  return new Map([...pools].map(([name, pool]) => [name, doorOf(pool)]))
}

function doorOf(pool: PoolState): PoolDoor {
  const { queueLength } = pool.settings
  if (!pool.isStarted || pool.isRemoved) return { kind: 'off', queueLength }
  const process = servingProcess(pool)
  return process ? { kind: 'open', queueLength, process: process.number } : { kind: 'waiting', queueLength }
}

/** The pool changed, or removed when nothing is left of it. */
export function withPool(state: W3svcState, pool: PoolState): W3svcState {
  const pools = new Map(state.pools)
  if (pool.isRemoved && pool.processes.length === 0) pools.delete(pool.settings.name)
  else pools.set(pool.settings.name, pool)
  return { ...state, pools }
}

export function withProcess(pool: PoolState, number: number, change: Partial<WorkerProcess>): PoolState {
  return { ...pool, processes: pool.processes.map((one) => (one.number === number ? { ...one, ...change } : one)) }
}

/** Processes that fit get no new request from now on. */
export function retiring(pool: PoolState, fits: (process: WorkerProcess) => boolean, now: Instant): PoolState {
  const retire = (process: WorkerProcess): WorkerProcess =>
    process.state !== 'retiring' && fits(process) ? { ...process, state: 'retiring', since: now } : process
  return { ...pool, processes: pool.processes.map(retire) }
}
