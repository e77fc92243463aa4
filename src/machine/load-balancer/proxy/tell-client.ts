import { isIPv4, type Socket } from 'node:net'

/** A client connection, as far as its two addresses matter. */
type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>

/** Name, in lower case, of the header field that names the client to a member in each request of an http endpoint (L-24). */
export const clientField = 'x-reddog-client'

const lineFeed = 0x0a

/**
 * The request with the field `X-Reddog-Client: <address> <port>` after its first line. `request` is at least a whole head; it is
 * unchanged when the client has disconnected.
 */
export function withClient(request: Buffer, { remoteAddress, remotePort }: Ends): Buffer {
  if (remoteAddress === undefined || remotePort === undefined) return request
  const field = Buffer.from(`X-Reddog-Client: ${plain(remoteAddress)} ${remotePort}\r\n`)
  const firstEnd = request.indexOf(lineFeed) + 1
  return Buffer.concat([request.subarray(0, firstEnd), field, request.subarray(firstEnd)])
}

/** The first bytes for a member of any other endpoint: a line of the PROXY protocol, version 1. */
export function proxyLine({ remoteAddress, remotePort, localAddress, localPort }: Ends): string {
  if (remoteAddress === undefined || localAddress === undefined) return 'PROXY UNKNOWN\r\n'
  const [source, destination] = [plain(remoteAddress), plain(localAddress)]
  const family = isIPv4(source) ? 'TCP4' : 'TCP6'
  return `PROXY ${family} ${source} ${destination} ${remotePort} ${localPort}\r\n`
}

/** As text of one IPv4 or IPv6 address: not mapped from one to the other, and without a zone, which means nothing elsewhere. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/s, '')
}
