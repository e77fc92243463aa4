import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import { withoutWarning } from '../../ports/bind-port.ts'
import type { SocketHandle } from '../../ports/held-ports.ts'
import type { Listening } from './entrance.ts'
import type { ProxyParts } from './parts.ts'
import { pickMember, sameMember } from './pick-member.ts'
import { noRefusals } from './refusals.ts'
import { mayCome, type Route } from './route.ts'

/** The datagrams of one client, which all go to one member until they pause for the idle time-out (L-9, L-14). */
interface UdpFlow {
  readonly member: RotationMember
  send(datagram: Buffer): void
  close(): void
}

/** The source port of who wants no answer (RFC 768): flows are for answers, and there is no such port to send one to. */
const nobodysPort = 0

/** Listens for datagrams on a port of an address, or on the given socket. Rejects with the system's error when the port cannot be opened. */
export function listenUdp(
  address: string,
  port: number,
  route: () => Route | undefined,
  parts: ProxyParts,
  earlier?: SocketHandle,
): Promise<Listening> {
  const { limits, log, owners } = parts
  const refusals = noRefusals()
  const flows = new Map<string, UdpFlow>()
  /** Those that their members have not answered yet, oldest first. */
  const unanswered = new Set<UdpFlow>()
  const socket = createSocket('udp4')

  function received(datagram: Buffer, client: RemoteInfo): void {
    if (client.port === nobodysPort) return
    const now = route()
    const key = `${client.address}:${client.port}`
    if (!now || !mayCome(now, client.address)) return flows.get(key)?.close()
    const flow = flowFor(key, now, client)
    flow?.send(datagram)
  }

  function flowFor(key: string, now: Route, client: RemoteInfo): UdpFlow | undefined {
    const known = flows.get(key)
    const state = known && sameMember(now.endpoint.members, known.member)?.state
    // A flow is a connection: it stays with a member that drains (L-7), but a member that is out answers nobody.
    if (state === 'in' || state === 'draining') return known
    known?.close()
    // Who writes addresses of others as his own gets no answer: such flows, of which one program can make any number, keep nobody out.
    if (flows.size >= limits.udpFlows) unanswered.values().next().value?.close()
    if (flows.size >= limits.udpFlows) {
      log.warn('udp flows', `${address}:${port} has ${limits.udpFlows} udp clients; datagrams of others are dropped`)
      return undefined
    }
    const member = memberFor(now, client)
    if (!member) return undefined
    const flow = openFlow(member, now.endpoint.idleTimeoutMs, {
      waiting: limits.udpWaiting,
      answer(datagram) {
        unanswered.delete(flow)
        const by = route()
        if (by && mayCome(by, client.address)) answerTo(client, datagram)
      },
      refused: () => refusals.note(member, now.endpoint.idleTimeoutMs),
      closed() {
        flows.delete(key)
        unanswered.delete(flow)
      },
    })
    flows.set(key, flow)
    unanswered.add(flow)
    return flow
  }

  /** What Node refuses to send, it throws at once, and whoever sent the datagram that is answered has chosen the address. */
  function answerTo(client: RemoteInfo, datagram: Buffer): void {
    try {
      socket.send(datagram, client.port, client.address)
    } catch (error) {
      log.warn('udp answer', `${address}:${port} cannot answer ${client.address}: ${(error as Error).message}`)
    }
  }

  /** Members that have refused lately are skipped (L-23). */
  function memberFor(now: Route, { address: remoteAddress, port: remotePort }: RemoteInfo): RotationMember | undefined {
    const failed = [...refusals.among(now.open)]
    for (;;) {
      const member = pickMember(parts, now, { remoteAddress, remotePort }, failed)
      const intruder = member && owners.intruder(member, 'udp')
      if (!member || intruder === undefined) return member
      log.warn(
        `udp of ${member.instance}`,
        `user ${intruder} has ${member.address}:${member.port}, and is not its guest`,
      )
      failed.push(member)
    }
  }

  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    const bound = () => {
      socket.off('error', reject)
      socket.on('error', (error) => log.warn('udp', `${address}:${port}: ${error.message}`))
      socket.on('message', received)
      resolve({
        port,
        socket: handleOf(socket),
        close() {
          for (const flow of flows.values()) flow.close()
          socket.close()
        },
      })
    }
    if (earlier) socket.bind(earlier as unknown as number, bound)
    else socket.bind({ address, port, exclusive: true }, bound)
  })
}

function handleOf(socket: Socket): SocketHandle {
  return withoutWarning(() => (socket as unknown as { readonly _handle: SocketHandle })._handle)
}

/** The kernel's codes for ICMP messages: port, host or network unreachable. Other errors mean that this machine lacks resources. */
const refusalCodes: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'])

interface FlowEnds {
  /** Datagrams that may wait for the socket. */
  readonly waiting: number
  answer(datagram: Buffer): void
  /** The member's machine reports that nothing takes datagrams there, or cannot be reached. */
  refused(): void
  closed(): void
}

/** A socket of its own, connected to the member, so that answers find their client and a dead port is noticed. */
function openFlow(member: RotationMember, idleTimeoutMs: number, ends: FlowEnds): UdpFlow {
  const socket: Socket = createSocket('udp4')
  let waiting: Buffer[] | undefined = []
  let closed = false
  const idle = setTimeout(close, idleTimeoutMs)

  function close(): void {
    if (closed) return
    closed = true
    clearTimeout(idle)
    socket.close()
    ends.closed()
  }

  /** The next datagram then finds another member. */
  function fail(error: Error | null): void {
    if (!error) return
    if (refusalCodes.has((error as NodeJS.ErrnoException).code)) ends.refused()
    close()
  }

  socket.on('error', fail)
  socket.on('message', (datagram) => {
    idle.refresh()
    ends.answer(datagram)
  })
  socket.once('connect', () => {
    if (closed) return
    for (const datagram of waiting ?? []) socket.send(datagram, fail)
    waiting = undefined
  })
  // Without a callback: Node would call it for a failure too, instead of emitting 'error'.
  socket.connect(member.port, member.address)

  return {
    member,
    send(datagram) {
      idle.refresh()
      if (!waiting) socket.send(datagram, fail)
      else if (waiting.length < ends.waiting) waiting.push(datagram)
    },
    close,
  }
}
