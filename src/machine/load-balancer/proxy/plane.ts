import type { Socket } from 'node:net'
import type { ChooseMember, DataPlane, MakeGuard, Served, StopUntil } from '../../../fabric/contract/data-plane.ts'
import type { PublicEndpoint } from '../../../fabric/contract/rotation.ts'
import type { Log } from '../../../kernel/log.ts'
import { type KnownPorts, nothingHeld, type SocketHandle } from '../../ports/held-ports.ts'
import { type Entrance, makeEntrance } from './entrance.ts'
import { type HttpClient, serveHttpClient } from './http/client.ts'
import { countInFlight } from './in-flight.ts'
import { type ProxyLimits, proxyLimits } from './limits.ts'
import { openMemberPool } from './member-pool.ts'
import { openPort } from './open-port.ts'
import { openOwners } from './owners.ts'
import type { ProxyParts } from './parts.ts'
import { openRareLog } from './rare-log.ts'
import { openReadBuffers } from './read-buffers.ts'
import { type Door, mayCome, type Route, routeTo, targetOf } from './route.ts'
import { openSharedPorts } from './shared-ports.ts'
import { noSilences } from './silences.ts'
import { openStreams } from './streams.ts'
import { serveTcpClient } from './tcp-client.ts'
import { listenTcp } from './tcp-listener.ts'
import { listenUdp } from './udp-listener.ts'

export interface ProxyOptions {
  /** Address on which host names are served, shared by all services. */
  readonly localhost: string
  readonly choose: ChooseMember
  readonly makeGuard: MakeGuard
  /** The last http request in flight at a draining instance has ended. */
  readonly idle: (instance: string) => void
  readonly log: Log
  readonly limits?: Partial<ProxyLimits> | undefined
  readonly held?: KnownPorts
}

/** How often a plane that stops looks whether the last answer has left, in milliseconds. Origin: choice. */
const stopPollMs = 20

/** The embedded data plane: Node's sockets, tcp by splicing, http at message boundaries. */
export function openProxy(options: ProxyOptions): DataPlane {
  const limits: ProxyLimits = { ...proxyLimits, ...options.limits }
  const inFlight = countInFlight(options.idle)
  const parts: ProxyParts = {
    choose: options.choose,
    pool: openMemberPool(limits),
    inFlight,
    streams: openStreams(limits.streamGraceMs),
    owners: openOwners(),
    silences: noSilences(limits.silentMs),
    log: openRareLog(options.log),
    limits,
    buffers: openReadBuffers(limits.readBytes),
    held: options.held ?? nothingHeld,
    admit,
    led: (client, route) => void clients.set(client, route),
  }
  const entrances = new Map<string, Entrance>()
  const httpClients = new Set<HttpClient>()
  /** Every client connection, with the route that it came in by, once that is known. */
  const clients = new Map<Socket, Route | undefined>()
  const shared = openSharedPorts(options.localhost, serveHttp, parts)

  async function serve(endpoints: readonly PublicEndpoint[]): Promise<Served> {
    const members = endpoints.flatMap((endpoint) => endpoint.members)
    const draining = new Set(members.filter(({ state }) => state === 'draining').map(({ instance }) => instance))
    inFlight.watch(draining)
    parts.streams.drain(draining)
    parts.pool.keepOnly(new Set(members.filter(({ state }) => state === 'in').map(targetOf)))
    const wanted = new Map(endpoints.map((endpoint) => [entranceKey(endpoint), endpoint]))
    for (const [key, entrance] of entrances)
      if (!wanted.has(key)) {
        entrances.delete(key)
        void entrance.lead(undefined, new Set())
      }
    const led = [...wanted].map(([key, endpoint]) => {
      const entrance = entrances.get(key) ?? enter(endpoint)
      entrances.set(key, entrance)
      const before = entrance.route()?.endpoint.acl
      const route = routeTo(endpoint, options.makeGuard)
      const guarded = route.guard !== undefined && JSON.stringify(before) !== JSON.stringify(endpoint.acl)
      return { key, route, guarded, entrance, answer: entrance.lead(route, declaredBeside(endpoint, endpoints)) }
    })
    cutOff(new Map(led.filter(({ guarded }) => guarded).map(({ key, route }) => [key, route])))
    const named = () => led.map(({ route, entrance }) => ({ route, port: entrance.port() }))
    shared.lead(named())
    const faults = await Promise.all(led.map(({ answer }) => answer))
    await shared.open(named())
    parts.held.releaseRest()
    return { ...resultOf(endpoints, led, faults), busy: inFlight.busy() }
  }

  function enter(endpoint: PublicEndpoint): Entrance {
    const { protocol, vip, port: asked } = endpoint
    const key = entranceKey(endpoint)
    const listen = (port: number, socket?: SocketHandle) =>
      protocol === 'udp'
        ? listenUdp(vip, port, entrance.route, parts, socket)
        : listenTcp(vip, port, (client) => accept(client, entrance), parts, socket)
    const open = (port: number, earlier?: SocketHandle) => openPort(key, { ...endpoint, port }, listen, parts, earlier)
    const entrance = makeEntrance(key, vip, asked, open, parts)
    return entrance
  }

  /** Resets connections of clients whom these routes, by key of their entrance, do not permit any more. */
  function cutOff(guarded: ReadonlyMap<string, Route>): void {
    if (guarded.size === 0) return
    for (const [client, cameBy] of clients) {
      const route = cameBy && guarded.get(entranceKey(cameBy.endpoint))
      if (route && !mayCome(route, client.remoteAddress)) client.resetAndDestroy()
    }
  }

  function accept(client: Socket, entrance: Entrance): void {
    const route = entrance.route()
    if (!route || !mayCome(route, client.remoteAddress)) return void client.resetAndDestroy()
    clients.set(client, route)
    if (route.endpoint.protocol === 'http') serveHttp(client, { shared: false, route: entrance.route })
    else serveTcpClient(client, route, parts)
  }

  function serveHttp(client: Socket, door: Door, first?: Buffer): void {
    const served = serveHttpClient(client, door, parts, first)
    httpClients.add(served)
    client.on('close', () => httpClients.delete(served))
  }

  function admit(client: Socket): boolean {
    const admitted = clients.size < limits.connections
    if (!admitted) parts.log.warn('connections', `there are ${limits.connections} connections; more are refused`)
    clients.set(client, undefined)
    client.on('close', () => clients.delete(client))
    return admitted
  }

  async function close(): Promise<void> {
    shared.close()
    await Promise.all(entrances.values().map((entrance) => entrance.close()))
  }

  async function stop(limitMs: number, until: StopUntil): Promise<void> {
    await close()
    for (const client of httpClients) client.finish(until !== 'answered')
    parts.streams.tellAll()
    const forAllMs = { answered: 0, told: limits.lastRequestsMs, closed: limitMs }[until]
    await emptied(() => clients.size, forAllMs)
    await emptied(
      () =>
        httpClients
          .values()
          .filter((client) => client.busy())
          .toArray().length,
      limitMs - forAllMs,
    )
    parts.pool.close()
    parts.log.close()
    for (const client of clients.keys()) client.destroySoon()
  }

  return { serve, close, stop }
}

/** Which ports were had, and why not the others. */
function resultOf(
  endpoints: readonly PublicEndpoint[],
  led: readonly { readonly route: Route; readonly entrance: Entrance }[],
  faults: readonly (string | undefined)[],
): Omit<Served, 'busy'> {
  const had = new Set(led.map(({ route }) => route.endpoint))
  const boundPorts: Record<string, number> = {}
  const failed: Record<string, string> = {}
  for (const endpoint of endpoints)
    if (!had.has(endpoint))
      failed[endpoint.id] =
        `Port ${endpoint.port} of ${endpoint.vip} is declared by another endpoint too, which has it.`
  for (const [index, { route, entrance }] of led.entries()) {
    const { id, port } = route.endpoint
    const fault = faults[index]
    if (fault) failed[id] = fault
    else if (entrance.port() !== port) boundPorts[id] = entrance.port()
  }
  return { boundPorts, failed }
}

/** Looks until nothing is left, at most for so long. */
async function emptied(left: () => number, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs
  while (left() > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, stopPollMs))
}

function entranceKey({ protocol, vip, port }: PublicEndpoint): string {
  return `${protocol === 'udp' ? 'udp' : 'tcp'} ${vip}:${port}`
}

/** Ports that other endpoints of the same address and transport have declared. */
function declaredBeside(endpoint: PublicEndpoint, endpoints: readonly PublicEndpoint[]): ReadonlySet<number> {
  const udp = endpoint.protocol === 'udp'
  const beside = endpoints.filter(
    (other) => other.vip === endpoint.vip && (other.protocol === 'udp') === udp && other.port !== endpoint.port,
  )
  return new Set(beside.map(({ port }) => port))
}
