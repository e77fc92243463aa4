import type { Socket } from 'node:net'
import { peerOf } from './client-of.ts'
import type { Peer } from './exchange.ts'
import { proxyLineBytes } from './limits.ts'

/** First byte of a line of the PROXY protocol, which no connection of TLS begins with. */
const firstByte = 'P'.charCodeAt(0)

/**
 * The first line of a connection where that is one of a balancer, version 1 of the PROXY protocol; '' where the connection begins with something
 * else. What follows the line is as if it came first. Undefined when the line does not end in time, or the connection does.
 */
export function readProxyLine(socket: Socket, limitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let held: Buffer = Buffer.alloc(0)
    const timer = setTimeout(() => end(undefined), limitMs)
    const gone = () => end(undefined)
    socket.once('close', gone).once('end', gone).on('error', gone).on('readable', read)

    function read(): void {
      for (let part = socket.read() as Buffer | null; part !== null; part = socket.read() as Buffer | null)
        held = Buffer.concat([held, part])
      if (held.length === 0) return
      const lineEnd = held.subarray(0, proxyLineBytes).indexOf('\r\n')
      if (held[0] !== firstByte) end('', held)
      else if (lineEnd >= 0) end(held.toString('latin1', 0, lineEnd), held.subarray(lineEnd + 2))
      else if (held.length >= proxyLineBytes) end(undefined)
    }

    function end(line: string | undefined, rest?: Buffer): void {
      clearTimeout(timer)
      socket.off('close', gone).off('end', gone).off('error', gone).off('readable', read)
      if (rest && rest.length > 0) socket.unshift(rest)
      resolve(line)
    }
  })
}

/** The client that such a line names, or the balancer itself for `PROXY UNKNOWN`; undefined when it is not such a line. */
export function clientIn(line: string, balancer: Peer): Peer | undefined {
  if (/^PROXY UNKNOWN(?: .*)?$/.test(line)) return balancer
  const [, address, port] = /^PROXY TCP[46] (\S+) \S+ (\d+) \d+$/.exec(line) ?? []
  return peerOf(address, port)
}
