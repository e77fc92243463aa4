/**
 * Buffers that connections read into, used again: a new one for each connection is work for the garbage collector
 * (docs/reference/balancer-profile.md).
 */
export interface ReadBuffers {
  take(): Buffer
  /** Nothing may refer to it any more. */
  give(buffer: Buffer): void
}

/** Most buffers that are stored while no connection reads into them: 2 MiB. Origin: choice, a burst of connections that end together. */
const kept = 64

export function openReadBuffers(bytes: number): ReadBuffers {
  const free: Buffer[] = []
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(bytes),
    give(buffer) {
      if (free.length < kept) free.push(buffer)
    },
  }
}
