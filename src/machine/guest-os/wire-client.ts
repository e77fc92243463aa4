import { createConnection } from 'node:net'

/** Version of the wire protocol and name of this agent (wire-server.md 3, 4). */
const protocolHeaders = ['x-ms-version: 2012-11-30', 'x-ms-agent-name: WindowsAzureGuestAgent']

/** Header of an answer to a health report: the newest incarnation of the container (wire-server.md 7). */
const newestIncarnation = 'x-ms-latest-goal-state-incarnation-number'

/** A report whose answer may be held for so long, until the container has another incarnation than the one in hand (wire-server.md 7). */
interface Held {
  readonly waitMs: number
  readonly inHand: number
}

/** How long a request may take beyond the time for which its answer may be held (wire-server.md 4). */
const timeoutMs = 10_000

/** Largest answer that is taken. */
const limitBytes = 16 * 1024 * 1024

/** A guest's side of the wire server. Its HTTP is what the protocol needs and no more: Node's own takes megabytes. */
export interface WireClient {
  /** The body at a path, or at a URL of the wire server. Rejects when the answer is not 200. */
  readonly get: (target: string) => Promise<string>
  /** Posts a health report; the newest incarnation that the answer names. */
  readonly postHealth: (body: string, held?: Held) => Promise<number>
}

/** A client of `http://address:port`. */
export function wireClient(wireServer: string): WireClient {
  const { hostname, port, host } = new URL(wireServer)
  const ask = (method: string, path: string, headers: readonly string[], body: string, waitMs: number) =>
    exchange(
      { host: hostname, port: Number(port || 80), waitMs },
      // Version 1.0: the answer ends with the connection, whole and not in chunks.
      [`${method} ${path} HTTP/1.0`, `Host: ${host}`, ...protocolHeaders, ...headers, '', body].join('\r\n'),
    )
  return {
    async get(target) {
      const { pathname, search } = new URL(target, wireServer)
      return (await ask('GET', pathname + search, [], '', 0)).body
    },
    async postHealth(body, held) {
      const headers = ['Content-Type: text/xml;charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`]
      if (held) headers.push(`x-reddog-wait-ms: ${held.waitMs}`, `x-reddog-incarnation: ${held.inHand}`)
      const answer = await ask('POST', '/machine?comp=health', headers, body, held?.waitMs ?? 0)
      return Number(answer.headers.get(newestIncarnation) ?? 0)
    },
  }
}

interface Answer {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

interface Peer {
  readonly host: string
  readonly port: number
  readonly waitMs: number
}

function exchange({ host, port, waitMs }: Peer, request: string): Promise<Answer> {
  const [line = ''] = request.split('\r\n', 1)
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port })
    const parts: Buffer[] = []
    let size = 0
    const fail = (why: string) => {
      socket.destroy()
      reject(new Error(`the host agent at ${host}:${port} did not answer "${line}": ${why}`))
    }
    socket.setTimeout(waitMs + timeoutMs, () => fail('no answer came in time'))
    socket.once('error', (error) => fail(error.message))
    socket.once('connect', () => socket.write(request))
    socket.on('data', (part) => {
      parts.push(part)
      size += part.length
      if (size > limitBytes) fail('the answer is too large')
    })
    socket.once('end', () => {
      const answer = readAnswer(Buffer.concat(parts).toString('utf8'))
      if (answer.status === 200) resolve(answer)
      else fail(`its status is ${answer.status}. ${answer.body.slice(0, 200)}`)
      socket.end()
    })
  })
}

function readAnswer(text: string): Answer & { readonly status: number } {
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: text.slice(end + 4).replace(/^\uFEFF/, '') }
}
