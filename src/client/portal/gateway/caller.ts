import type { Socket } from 'node:net'

/** Number of the account that holds the other end of a connection within this machine; undefined when it cannot be known. */
export type PeerUid = (socket: Socket) => Promise<number | undefined>

/** Who is at the other end of a connection: the same text for the same account of this machine, undefined when it cannot be told. */
export type CallerOf = (socket: Socket) => Promise<string | undefined>

/**
 * Asks once a connection. Cookies know no ports: a browser sends ours to every other program that answers on 127.0.0.1, and a session
 * is of no use to the account of such a program when it is bound to the one that signed in.
 */
export function rememberCallers(peerUid: PeerUid): CallerOf {
  const known = new WeakMap<Socket, string>()
  return async (socket) => {
    const found = known.get(socket) ?? (await peerUid(socket))?.toString()
    // Nobody is not remembered: the kernel may tell when it is asked again.
    if (found !== undefined) known.set(socket, found)
    return found
  }
}
