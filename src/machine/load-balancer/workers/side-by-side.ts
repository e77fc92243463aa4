import type { DataPlane, Served, StopUntil } from '../../../fabric/contract/data-plane.ts'
import type { PublicEndpoint } from '../../../fabric/contract/rotation.ts'
import type { Timers } from '../../../kernel/timers.ts'
import { type HeldPort, type KnownPorts, nothingHeld } from '../../ports/held-ports.ts'
import { exitText } from '../../process.ts'
import { openRestarts } from '../../restarts.ts'
import { openProxy, type ProxyOptions } from '../proxy/plane.ts'
import { sumBusy } from './busy-sum.ts'
import { startWorker, type Worker } from './worker.ts'

/** What a balancer has besides its own process. */
export interface Workers {
  /** What Node runs for each. */
  readonly program: string
  readonly count: number
}

export interface SideBySideOptions extends ProxyOptions {
  readonly workers: Workers
  readonly timers: Pick<Timers, 'recycleDelays' | 'crashResetAfter'>
}

/**
 * The data plane of this process, and workers that accept on the same sockets: a process with free time takes the next
 * connection. This process binds the ports and serves at once; workers start when it does, and join when they are there. One that
 * ends takes what it had in flight with it, and is started again. Datagrams stay here, where their flows are known.
 */
export function openSideBySide(options: SideBySideOptions): DataPlane {
  const { workers, timers, log } = options
  const running = new Set<Worker>()
  const joined = new Set<Worker>()
  const ports = new Map<string, HeldPort>()
  const busy = sumBusy<Worker | 'here'>()
  /** What workers serve; undefined before anything is served. */
  let table: readonly PublicEndpoint[] | undefined
  let closing = false
  const workerOptions = { localhost: options.localhost, limits: options.limits ?? {} }
  const held = sharedWith(joined, ports, options.held ?? nothingHeld)
  const here = openProxy({ ...options, held, idle: (instance) => ended('here', instance) })

  async function serve(endpoints: readonly PublicEndpoint[]): Promise<Served> {
    const served = await here.serve(endpoints)
    busy.count('here', served.busy)
    const isFirst = table === undefined
    const shared = endpoints.filter(({ id, protocol }) => protocol !== 'udp' && served.failed[id] === undefined)
    table = shared
    if (isFirst) for (let number = 1; number <= workers.count; number++) keep(`worker ${number}`)
    await Promise.all([...joined].map((worker) => worker.serve(shared)))
    return { ...served, busy: busy.busy() }
  }

  function ended(part: Worker | 'here', instance: string): void {
    if (busy.ended(part, instance)) options.idle(instance)
  }

  /** Has a worker run until this plane closes. */
  function keep(name: string): void {
    const restarts = openRestarts(timers)
    start()

    function start(): void {
      if (closing) return
      const since = performance.now()
      try {
        const worker = startWorker(workers.program, workerOptions, {
          ready: () => join(worker),
          busy: (instances) => busy.count(worker, instances),
          idle: (instance) => ended(worker, instance),
          log,
        })
        running.add(worker)
        void worker.exited.then((exit) => {
          leave(worker)
          again(`ended with ${exitText(exit)}`, since)
        })
      } catch (error) {
        again(`cannot be started: ${(error as Error).message}`, since)
      }
    }

    function again(trouble: string, since: number): void {
      if (closing) return
      const delayMs = restarts.delayMs(since)
      log.warn(`${name} ${trouble}; started again${delayMs ? ` in ${delayMs / 1000} s` : ''}`)
      setTimeout(start, delayMs).unref()
    }
  }

  function join(worker: Worker): void {
    if (closing) return
    joined.add(worker)
    for (const [key, port] of ports) worker.give(key, port)
    void worker.serve(table ?? [])
  }

  function leave(worker: Worker): void {
    running.delete(worker)
    joined.delete(worker)
    for (const instance of busy.gone(worker)) options.idle(instance)
  }

  async function close(): Promise<void> {
    closing = true
    for (const worker of running) if (!joined.has(worker)) worker.kill()
    await Promise.all([here.close(), ...[...joined].map((worker) => worker.close())])
  }

  async function stop(limitMs: number, until: StopUntil): Promise<void> {
    await close()
    await Promise.all([here, ...running].map((part) => part.stop(limitMs, until)))
  }

  return { serve, close, stop }
}

/** Ports that are bound or found here are given to workers too; `ports` are those that stand. */
function sharedWith(joined: ReadonlySet<Worker>, ports: Map<string, HeldPort>, held: KnownPorts): KnownPorts {
  function share(key: string, port: HeldPort): void {
    if (key.startsWith('udp ')) return
    ports.set(key, port)
    for (const worker of joined) worker.give(key, port)
  }
  return {
    ...held,
    take(key) {
      const port = held.take(key)
      if (port) share(key, port)
      return port
    },
    hold(key, port) {
      held.hold(key, port)
      share(key, port)
    },
    release(key) {
      ports.delete(key)
      held.release(key)
    },
  }
}
