import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import type { DataPlane } from '../../src/fabric/contract/data-plane.ts'
import type { PublicEndpoint, RotationMember } from '../../src/fabric/contract/rotation.ts'
import { guardOf } from '../../src/fabric/load-balancer/access.ts'
import { chooseMember } from '../../src/fabric/load-balancer/distribution.ts'
import type { Log } from '../../src/kernel/log.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import { type ProxyLimits, proxyLimits } from '../../src/machine/load-balancer/proxy/limits.ts'
import {
  dialMember,
  type MemberConnection,
  type MemberUser,
} from '../../src/machine/load-balancer/proxy/member-connection.ts'
import { openOwners } from '../../src/machine/load-balancer/proxy/owners.ts'
import { openProxy, type ProxyOptions } from '../../src/machine/load-balancer/proxy/plane.ts'
import { openReadBuffers } from '../../src/machine/load-balancer/proxy/read-buffers.ts'
import { noSilences } from '../../src/machine/load-balancer/proxy/silences.ts'
import { openSideBySide } from '../../src/machine/load-balancer/workers/side-by-side.ts'
import { bundleOf } from '../bundle.ts'
import { until } from '../until.ts'
import { acceptors } from './acceptors.ts'

let lastVip = 0

/** A VIP of 127.0.0.0/8 that no other test, in this process or beside it, uses. */
export function freshVip(): string {
  lastVip++
  return `127.${150 + (process.pid % 100)}.${1 + (Math.floor(process.pid / 100) % 250)}.${lastVip}`
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }

interface Rig {
  readonly plane: DataPlane
  /** Instances that were told to be idle, in order. */
  readonly idle: string[]
}

/** A proxy that ends with the test. */
export function startPlane(t: TestContext, limits: Partial<ProxyLimits> = {}, localhost = freshVip()): Rig {
  return rigOf(t, localhost, (options) => openProxy({ ...options, limits }))
}

/** What a LoadBalancerWorker runs. */
export const workerProgram = bundleOf('LoadBalancerWorker')

/** The same with workers of its own, which have joined when the first table with a port for them is served. */
export function startPlaneWithWorkers(
  t: TestContext,
  limits: Partial<ProxyLimits> = {},
  localhost = freshVip(),
  count = 2,
): Rig {
  const workers = { program: workerProgram, count }
  const rig = rigOf(t, localhost, (options) => openSideBySide({ ...options, limits, workers, timers: timerDefaults }))
  let joined = false
  const serve: DataPlane['serve'] = async (endpoints) => {
    const served = await rig.plane.serve(endpoints)
    const shown = endpoints.find(
      ({ id, protocol, members }) => protocol !== 'udp' && !served.failed[id] && isOpen(members),
    )
    // Of IPv6 the kernel's table is another; whoever takes a connection there is as good.
    if (joined || !shown || shown.vip.includes(':')) return served
    joined = true
    await until(() => acceptors(shown.vip, served.boundPorts[shown.id] ?? shown.port).length > count, 'workers join')
    // Those that have joined hold the socket; with this table they accept on it.
    return rig.plane.serve(endpoints)
  }
  return { ...rig, plane: { ...rig.plane, serve } }
}

/** Both kinds: what a client sees must not tell which of them serves it. */
export const planes = [
  { how: 'alone', startPlane },
  // One is enough: either process may take any connection.
  {
    how: 'with workers',
    startPlane: (...[t, limits, localhost]: Parameters<typeof startPlane>) =>
      startPlaneWithWorkers(t, limits, localhost, 1),
  },
] as const

function rigOf(
  t: TestContext,
  localhost: string,
  open: (options: Pick<ProxyOptions, 'localhost' | 'choose' | 'makeGuard' | 'idle' | 'log'>) => DataPlane,
): Rig {
  const idle: string[] = []
  const plane = open({
    localhost,
    choose: chooseMember,
    makeGuard: guardOf,
    idle: (instance) => void idle.push(instance),
    log: silentLog,
  })
  t.after(() => plane.stop(0, 'answered'))
  return { plane, idle }
}

function isOpen(members: readonly RotationMember[]): boolean {
  return members.some(({ state }) => state === 'in')
}

/** An endpoint of the table; what a test does not name is as in most services. */
export function endpoint(given: Partial<PublicEndpoint> & { readonly vip: string }): PublicEndpoint {
  const { protocol = 'http' } = given
  return {
    id: `d/Web/${protocol}`,
    port: 18_080,
    protocol,
    hostNames: [],
    distribution: 'none',
    idleTimeoutMs: 240_000,
    members: [],
    ...given,
  }
}

export function member(instance: string, port: number, state: RotationMember['state'] = 'in'): RotationMember {
  return { instance, address: '127.0.0.1', port, state }
}

/** A real http server on a free port that ends with the test. */
export async function origin(
  t: TestContext,
  handler: RequestListener,
): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer(handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { port: (server.address() as AddressInfo).port, server }
}

/** A real tcp server on a free port that ends, with its connections, with the test. */
export async function tcpOrigin(t: TestContext, accept: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    accept(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

/** The user of a connection to a member who only hears what it says. */
export function userOf(received: (bytes: Buffer) => unknown): MemberUser {
  return {
    connected() {},
    received(bytes) {
      received(bytes)
      return false
    },
    ended() {},
    drained() {},
    closed() {},
  }
}

/** A connection to a member, as the proxy makes it, and the member's end of it. */
export async function dialled(
  t: TestContext,
): Promise<{ readonly connection: MemberConnection; readonly role: Socket }> {
  const accepted: Socket[] = []
  const to = member('a', await tcpOrigin(t, (socket) => accepted.push(socket)))
  const connection = dialMember(
    to,
    userOf(() => {}),
    {
      limits: proxyLimits,
      owners: openOwners(),
      buffers: openReadBuffers(proxyLimits.readBytes),
      silences: noSilences(proxyLimits.silentMs),
    },
  )
  t.after(() => connection.socket.destroy())
  await until(() => accepted.length === 1 && !connection.socket.connecting, 'the connection')
  return { connection, role: accepted[0] as Socket }
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** One raw connection, with everything that came over it. */
export interface Wire {
  readonly socket: Socket
  /** All that has come, as latin-1. */
  text(): string
  /** Waits until what has come contains this. */
  see(words: string): Promise<void>
  /** Waits for the end: `end` when it was orderly, otherwise the code of the error. */
  closed: Promise<string>
}

export async function dial(t: TestContext, vip: string, port = 18_080): Promise<Wire> {
  const socket = connect({ host: vip, port, allowHalfOpen: true })
  t.after(() => socket.destroy())
  let came = ''
  let how = 'end'
  let isOver = false
  socket.on('data', (bytes) => {
    came += bytes.toString('latin1')
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    how = error.code ?? error.message
  })
  socket.on('end', () => socket.end())
  const closed = new Promise<string>((resolve) =>
    socket.once('close', () => {
      isOver = true
      resolve(how)
    }),
  )
  await once(socket, 'connect')
  return {
    socket,
    text: () => came,
    async see(words) {
      await until(() => isOver || came.includes(words)).catch(() => {})
      if (came.includes(words)) return
      throw new Error(`${JSON.stringify(words)} did not come${isOver ? ` (${how})` : ''}, but ${JSON.stringify(came)}`)
    },
    closed,
  }
}

/** Sends a request text on a connection of its own and answers with all that came until it closed. */
export async function ask(t: TestContext, vip: string, text: string, port?: number): Promise<string> {
  const wire = await dial(t, vip, port)
  wire.socket.write(text, 'latin1')
  await wire.closed
  return wire.text()
}
