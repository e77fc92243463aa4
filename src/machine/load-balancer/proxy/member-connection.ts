import { Socket } from 'node:net'
import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import type { ProxyLimits } from './limits.ts'
import type { Owners } from './owners.ts'
import type { ReadBuffers } from './read-buffers.ts'
import type { Silences } from './silences.ts'

/** The machine has not answered, or nobody has answered for it; a refusal is an answer. */
const silentCodes: ReadonlySet<string | undefined> = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])

/** The user of a connection to a member: a spliced client, or the http message in flight. */
export interface MemberUser {
  connected(): void
  /** Bytes came. Answers whether they are still needed after the call: the buffer is used again otherwise. */
  received(bytes: Buffer): boolean
  /** The member will send nothing more. */
  ended(): void
  /** What was written has been sent. */
  drained(): void
  /** The connection has ended: refused, reset, or closed on both sides. */
  closed(error: NodeJS.ErrnoException | undefined): void
}

/** One connection to a member, used by one at a time. */
export interface MemberConnection {
  readonly member: RotationMember
  readonly socket: Socket
  /** Undefined while it waits in a pool. */
  user: MemberUser | undefined
  /** It is not the first message: the member may have closed it meanwhile. */
  reused: boolean
  /** When a pool lets it go, by its own clock. */
  idleUntil: number
}

/**
 * Dials a member, unless an account other than its guest's has its port now: after a role has ended, its address is free.
 * `closed` reports that, a refusal, or that `connectMs` has passed; every event goes to the present user. Reading goes through
 * the socket's `onread`, into one buffer that is replaced only when its bytes could not be handed to the kernel at once: no
 * allocation for each read (measured: a tenth more messages a second).
 */
export function dialMember(
  member: RotationMember,
  user: MemberUser,
  parts: {
    readonly limits: ProxyLimits
    readonly owners: Owners
    readonly buffers: ReadBuffers
    readonly silences: Silences
  },
): MemberConnection {
  const { limits, owners, buffers, silences } = parts
  let buffer = buffers.take()
  let stillNeeded = false
  let failure: NodeJS.ErrnoException | undefined
  let wasTaken = false
  const socket = new Socket({
    allowHalfOpen: true,
    onread: {
      buffer: () => {
        if (stillNeeded) buffer = buffers.take()
        stillNeeded = false
        return buffer
      },
      callback: (length) => {
        // Bytes that nobody asked for: nobody can use the connection after them.
        if (connection.user) stillNeeded = connection.user.received(buffer.subarray(0, length))
        else socket.destroy()
        return true
      },
    },
  })
  const connection: MemberConnection = { member, socket, user, reused: false, idleUntil: 0 }
  const giveUp = (): void => {
    socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }))
  }
  socket.setTimeout(limits.connectMs, giveUp)
  socket.once('connect', () => {
    socket.setTimeout(0, giveUp)
    wasTaken = true
    silences.forget(member)
    connection.user?.connected()
  })
  socket.on('end', () => {
    owners.doubt()
    if (connection.user) connection.user.ended()
    else socket.destroy()
  })
  socket.on('drain', () => connection.user?.drained())
  socket.on('error', (error) => {
    owners.doubt()
    failure = error
    if (!wasTaken && silentCodes.has(failure.code)) silences.note(member)
  })
  socket.on('close', () => {
    if (!stillNeeded) buffers.give(buffer)
    connection.user?.closed(failure)
  })
  const uid = owners.intruder(member)
  if (uid === undefined) socket.setNoDelay().connect({ host: member.address, port: member.port })
  else socket.destroy(new Error(`user ${uid} has its address ${member.address}:${member.port}, and is not its guest`))
  return connection
}
