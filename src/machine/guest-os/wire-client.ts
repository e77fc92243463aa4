import { connectWire, type WireAnswer, type WireConnection } from './wire-connection.ts'

/** Version of the wire protocol and name of this agent (wire-server.md 3, 4). */
const protocolHeaders = ['x-ms-version: 2012-11-30', 'x-ms-agent-name: WindowsAzureGuestAgent']

/** Header of an answer to a health report: the newest incarnation of the container (wire-server.md 7). */
const newestIncarnation = 'x-ms-latest-goal-state-incarnation-number'

/** A report whose answer may be held so long, until the container has another incarnation than that in hand (wire-server.md 7). */
interface Held {
  readonly waitMs: number
  readonly inHand: number
}

/** How long a request may take beyond the time for which its answer may be held (wire-server.md 4). */
const timeoutMs = 10_000

/** Status of a document whose incarnation is not the newest any more (wire-server.md 3). */
const gone = 410

/** A guest's side of the wire server. Its HTTP has only what the protocol needs: Node's own takes megabytes. */
export interface WireClient {
  /**
   * The body at a path, or at a URL of the wire server; undefined when its status is `absent`, by default that of a document that is gone. Rejects at
   * any other than 200.
   */
  readonly get: (
    target: string,
    headers?: Readonly<Record<string, string>>,
    absent?: number,
  ) => Promise<string | undefined>
  /** Posts a health report; the newest incarnation that the answer names. */
  readonly postHealth: (body: string, held?: Held) => Promise<number>
}

/**
 * A client of `http://address:port`, where `hostUid` serves; undefined: no other program can be there. Connections are reused: both ends look up the
 * owner of each new one.
 */
export function wireClient(wireServer: string, hostUid: number | undefined): WireClient {
  const { hostname, port, host } = new URL(wireServer)
  const idle: WireConnection[] = []

  async function ask(line: string, headers: readonly string[], body: string, waitMs: number, absent = gone) {
    const request = [`${line} HTTP/1.1`, `Host: ${host}`, ...protocolHeaders, ...headers, '', body].join('\r\n')
    try {
      const answer = await askOnce(request, waitMs + timeoutMs)
      if (answer.status === 200 || answer.status === absent) return answer
      throw new Error(`its status is ${answer.status}. ${answer.body.replace(/<[^>]*>\s*/g, '').slice(0, 200)}`)
    } catch (error) {
      const { message } = error as Error
      throw new Error(`the host agent at ${host} did not answer "${line}": ${message}`, { cause: error })
    }
  }

  /** A request whose connection is closed is repeated on the next, at last on a new one: an agent that restarts closes all. */
  async function askOnce(request: string, limitMs: number): Promise<WireAnswer> {
    const connection = idle.pop() ?? connectWire(hostname, Number(port || 80), hostUid)
    const answer = await connection.ask(request, limitMs)
    if (!answer) return askOnce(request, limitMs)
    if (connection.isOpen()) idle.push(connection)
    return answer
  }

  return {
    async get(target, headers = {}, absent = gone) {
      const { pathname, search } = new URL(target, wireServer)
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
      const { status, body } = await ask(`GET ${pathname}${search}`, lines, '', 0, absent)
      return status === absent ? undefined : body
    },
    async postHealth(body, held) {
      const headers = ['Content-Type: text/xml;charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`]
      if (held) headers.push(`x-reddog-wait-ms: ${held.waitMs}`, `x-reddog-incarnation: ${held.inHand}`)
      const answer = await ask('POST /machine?comp=health', headers, body, held?.waitMs ?? 0)
      return Number(answer.headers.get(newestIncarnation) ?? 0)
    },
  }
}
