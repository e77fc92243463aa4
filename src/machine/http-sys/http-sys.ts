import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { PoolDoors } from '../../guest/contract/pool-door.ts'
import type { WebCounts } from '../../guest/contract/web-counts.ts'
import type { ApplicationHost } from '../../service-model/application-host/application-host.ts'
import { findSite, poolOf } from '../../service-model/application-host/find-site.ts'
import { namedClient } from './client-of.ts'
import { countingOf } from './counting.ts'
import type { Entrance } from './entrance.ts'
import { entrancesOf, type FindCertificate } from './entrances.ts'
import { type Examined, examine } from './examine.ts'
import type { Exchange, Peer } from './exchange.ts'
import { inFlightOf } from './in-flight.ts'
import type { HttpSysLimits } from './limits.ts'
import { logAnswer } from './log-answer.ts'
import type { ErrorLog, ErrorLogEntry } from './logs/error-log.ts'
import type { WebLog } from './logs/web-log.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import { type Reason, type Refusal, refusalFields, refusalPage, refusals, statusText } from './refusals.ts'
import { requestQueues } from './request-queues.ts'
import type { Routed, SiteAnswer } from './routed.ts'
import { connectionsTo, type WorkerConnections } from './worker-connections.ts'

/** The listener of an instance: it takes requests at the bindings of all sites and leads them to the processes of their pools. */
export interface HttpSys {
  /** Listens where these sites are bound, and nowhere else; resolves to what cannot be done, in sentences. */
  readonly serve: (served: Pick<ApplicationHost, 'sites' | 'pools'>) => Promise<readonly string[]>
  readonly setDoors: (doors: PoolDoors) => void
  /** A w3wp that listens, or will, at that path. */
  readonly addProcess: (process: number, socketPath: string) => WorkerConnections
  readonly removeProcess: (process: number) => void
  readonly counts: () => WebCounts
  /**
   * Each connection ends with its next answer. Resolves when nothing listens any more and either no request is in flight or the time is
   * over; WebSockets do not count (L-19).
   */
  readonly drain: (limitMs: number) => Promise<void>
}

export interface HttpSysParts {
  readonly limits: HttpSysLimits
  /** Whether the platform's balancer is at the other end of a connection; asked once, and only when the connection began with its line (I-36). */
  readonly isBalancer: (socket: Socket) => Promise<boolean>
  readonly findCertificate: FindCertificate
  readonly webLog: WebLog
  readonly errorLog: ErrorLog
  /** A request waits for a process of this pool. */
  readonly wanted: (pool: string) => void
}

/** A listener that does not listen yet. */
export function openHttpSys(parts: HttpSysParts): HttpSys {
  let served: Pick<ApplicationHost, 'sites' | 'pools'> = { sites: [], pools: [] }
  const processes = new Map<number, WorkerConnections>()
  const queues = requestQueues(parts.wanted)
  const inFlight = inFlightOf()
  const counting = countingOf()
  let rejected = 0
  const passing: PassOnParts = {
    queues,
    connections: (process) => processes.get(process),
    answered,
    refuse: (routed, refusal) => refuse(routed.exchange, refusal, { ...routed, queue: routed.pool }),
    lost: (routed, reason) => logError(routed.exchange, { ...routed, queue: routed.pool, reason }),
  }
  const entrances = entrancesOf({ limits: parts.limits, isBalancer: parts.isBalancer, arrived, faulty })

  /** A site that has been taken away meanwhile has no log any more. */
  function answered(routed: Routed, answer: SiteAnswer): void {
    const site = served.sites.find(({ id }) => id === routed.site)
    if (!site) return
    counting.add(site.name, routed.exchange.head.method, answer)
    logAnswer(parts.webLog, routed, site, answer)
  }

  function arrived(exchange: Exchange, at: Entrance): void {
    if (exchange.upgrade === undefined) inFlight.add(exchange)
    const named = namedClient(exchange)
    if (!named) return take(exchange, at, exchange.peer)
    let isOver = false
    exchange.onEnd(() => {
      isOver = true
    })
    void exchange.isBalancers().then((isIts) => isOver || take(exchange, at, isIts ? named : exchange.peer))
  }

  function take(exchange: Exchange, at: Entrance, client: Peer): void {
    const found = route(exchange, at)
    if ('routed' in found) passOn({ ...found.routed, exchange, client, local: at, isSecure: at.isSecure }, passing)
    else refuse(exchange, found.refused, { client, local: at, site: found.site })
  }

  function route({ head }: Exchange, { address, port }: Entrance): Found {
    const examined = examine(head, parts.limits.headBytes)
    if ('refused' in examined) return examined
    const site = findSite(served.sites, { address, port, host: examined.host })
    if (!site) return { refused: refusals.noBinding }
    const pool = poolOf(served, site, examined.path)
    if (!pool) return { refused: refusals.noBinding, site: site.id }
    return { routed: { ...examined, site: site.id, pool: pool.name } }
  }

  function refuse(exchange: Exchange, refusal: Refusal, about: Omit<About, 'reason'>): void {
    const { status, reason } = refusal
    if (refusal === refusals.queueFull) rejected += 1
    logError(exchange, { ...about, status, reason })
    const page = refusalPage(refusal)
    const body = exchange.head.method === 'HEAD' ? '' : page
    exchange
      .begin({ status, statusText: statusText(refusal), fields: refusalFields(page), isLast: status < 500 })
      .end(body)
  }

  function logError({ head, protocol, streamId }: Exchange, about: About): void {
    const { client, local, status, site, reason, queue } = about
    parts.errorLog.add({ at: Date.now(), client, local, protocol, head, streamId, status, site, reason, queue })
  }

  function faulty(client: Peer, why: Refusal | Reason, local: Entrance): void {
    const said = typeof why === 'string' ? { reason: why } : { status: why.status, reason: why.reason }
    parts.errorLog.add({ at: Date.now(), client, local, ...said })
  }

  let turn: Promise<unknown> = Promise.resolve()
  return {
    serve(wanted) {
      const done = turn.then(() => {
        served = wanted
        return entrances.move(wanted.sites, parts.findCertificate)
      })
      turn = done
      return done
    },
    setDoors: queues.setDoors,
    addProcess(process, socketPath) {
      const connections = connectionsTo(socketPath)
      processes.set(process, connections)
      return connections
    },
    counts: () => ({
      connections: entrances.connections(),
      queued: queues.waiting(),
      rejected,
      sites: counting.of(served.sites.map(({ name }) => name)),
    }),
    removeProcess: (process) => void processes.delete(process),
    async drain(limitMs) {
      entrances.drain()
      await Promise.race([inFlight.none(), delay(limitMs, undefined, { ref: false })])
      entrances.cut()
      // Requests that were cut are logged before the logs are written for the last time.
      await inFlight.none()
      await entrances.move([], parts.findCertificate)
    },
  }
}

type Found =
  | { readonly routed: Examined & { readonly site: number; readonly pool: string } }
  | { readonly refused: Refusal; readonly site?: number | undefined }

type About = Pick<ErrorLogEntry, 'client' | 'local' | 'site' | 'status' | 'reason' | 'queue'>
