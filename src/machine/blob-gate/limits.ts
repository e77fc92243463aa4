import type { Socket } from 'node:net'

/** What one gate holds and waits for. Origin: choices; the client library of the Blob service opens some ten connections for an upload. */
export const gateLimits = {
  /** Connections at a time, at each of its two doors; more are closed at once. */
  connections: 512,
  /** Of one guest, or one other machine: it cannot shut out the rest. */
  ofOne: 128,
  /** A connection on which nothing moves is closed; client libraries open the next one by themselves. */
  idleMs: 300_000,
  /** To reach the other end, its certificate included. */
  connectMs: 5_000,
} as const

/** Admits connections of one address up to `gateLimits.ofOne`, those of the machine's own network without that bound; false: too many. */
export function admitsEach(): (socket: Socket) => boolean {
  const counts = new Map<string, number>()
  return (socket) => {
    const { remoteAddress = '' } = socket
    const count = counts.get(remoteAddress) ?? 0
    if (count >= gateLimits.ofOne && !remoteAddress.startsWith('127.')) return false
    counts.set(remoteAddress, count + 1)
    socket.once('close', () => {
      const left = (counts.get(remoteAddress) ?? 1) - 1
      if (left > 0) counts.set(remoteAddress, left)
      else counts.delete(remoteAddress)
    })
    return true
  }
}
