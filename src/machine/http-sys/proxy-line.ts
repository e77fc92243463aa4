import type { Socket } from 'node:net'
import { peerOf } from './client-of.ts'
import type { Peer } from './exchange.ts'
import { proxyLineBytes } from './limits.ts'

/** First byte of a TLS connection: its first record is a handshake. */
const tlsHandshake = 0x16

/**
 * The client that the first line of a balancer's connection names, version 1 of the PROXY protocol; what follows it is as if it came first.
 * The balancer itself when the connection begins with TLS, or with `PROXY UNKNOWN`; undefined when it begins with anything else, or ends.
 */
export function readProxyLine(socket: Socket, balancer: Peer, limitMs: number): Promise<Peer | undefined> {
  return new Promise((resolve) => {
    let held: Buffer = Buffer.alloc(0)
    const timer = setTimeout(() => end(undefined), limitMs)
    const gone = () => end(undefined)
    socket.once('close', gone).on('error', gone).on('readable', read)

    function read(): void {
      for (let part = socket.read() as Buffer | null; part !== null; part = socket.read() as Buffer | null)
        held = Buffer.concat([held, part])
      if (held.length === 0) return
      const lineEnd = held.subarray(0, proxyLineBytes).indexOf('\r\n')
      if (held[0] === tlsHandshake) end(balancer, held)
      else if (lineEnd >= 0) end(namedIn(held.toString('latin1', 0, lineEnd), balancer), held.subarray(lineEnd + 2))
      else if (held.length >= proxyLineBytes) end(undefined)
    }

    function end(found: Peer | undefined, rest?: Buffer): void {
      clearTimeout(timer)
      socket.off('close', gone).off('error', gone).off('readable', read)
      if (found && rest && rest.length > 0) socket.unshift(rest)
      resolve(found)
    }
  })
}

function namedIn(line: string, balancer: Peer): Peer | undefined {
  if (/^PROXY UNKNOWN(?: .*)?$/.test(line)) return balancer
  const [, address, port] = /^PROXY TCP[46] (\S+) \S+ (\d+) \d+$/.exec(line) ?? []
  return peerOf(address, port)
}
