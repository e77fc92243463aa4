import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AnswerHead, Bytes, Exchange, Peer } from './exchange.ts'
import { headBytes } from './head.ts'

/** A request of HTTP/2 and its answer. `fields` are those of the stream, pseudo fields among them. */
export function http2Exchange(stream: ServerHttp2Stream, fields: readonly string[], peer: Peer): Exchange {
  // A stream that its client has reset is over; `close` reports it.
  stream.on('error', () => {})
  const pseudo = (name: string) => fields[fields.indexOf(name) + 1] as string
  const method = pseudo(':method')
  const target = fields.includes(':path') ? pseudo(':path') : ''
  const own = ownFields(fields)
  let answered = 0
  return {
    begunAt: Date.now(),
    peer,
    isBalancers: async () => false,
    head: { method, target, version: '2.0', fields: own },
    protocol: 'HTTP/2.0',
    streamId: stream.id,
    hasBody: !stream.endAfterHeaders,
    body: stream,
    // Node ends the body of a reset stream in the same way as a complete body.
    isBodyWhole: () => !stream.closed,
    sayContinue: () => stream.additionalHeaders({ ':status': 100 }),
    begin(answer) {
      answered = headBytes(`HTTP/2.0 ${answer.status}`, answer.fields)
      if (!stream.destroyed && !stream.closed) stream.respond(headersOf(answer))
      // The client may leave the rest of a body out (RFC 9113, 8.1).
      const isOpen = () => !stream.endAfterHeaders && !stream.readableEnded
      stream.once('finish', () => isOpen() && stream.close(constants.NGHTTP2_NO_ERROR))
      if (answer.isLast) stream.session?.close()
      return stream
    },
    switchOver: () => stream,
    abort: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    onEnd: (ended) => void stream.once('close', () => ended(stream.rstCode === 0 && stream.writableFinished)),
    measure: (bodies: Bytes) => ({
      received: headBytes(`${method} ${target} HTTP/2.0`, own) + bodies.received,
      sent: answered + bodies.sent,
    }),
  }
}

/** As HTTP/1 has them: Host for :authority, and one Cookie (RFC 9113, 8.2.3). */
function ownFields(fields: readonly string[]): readonly string[] {
  const own: string[] = []
  const cookies: string[] = []
  for (let at = 0; at < fields.length; at += 2) {
    const [name, value] = [fields[at] as string, fields[at + 1] as string]
    if (name === 'cookie') cookies.push(value)
    else if (!name.startsWith(':')) own.push(name, value)
  }
  const host = fields.includes('host') ? [] : ['host', fields[fields.indexOf(':authority') + 1] as string]
  const hasAuthority = fields.includes(':authority')
  return [...(hasAuthority ? host : []), ...own, ...(cookies.length > 0 ? ['cookie', cookies.join('; ')] : [])]
}

function headersOf({ status, fields }: AnswerHead): OutgoingHttpHeaders {
  const headers = new Map<string, string[]>()
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] as string).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), fields[at + 1] as string])
  }
  const joined = [...headers].map(([name, values]) => [name, name === 'set-cookie' ? values : values.join(', ')])
  return { ...Object.fromEntries(joined), ':status': status }
}
