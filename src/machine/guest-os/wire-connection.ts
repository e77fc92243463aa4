import { createConnection, type Socket } from 'node:net'
import { peerUid } from '../peer.ts'

/** An answer of the wire server. */
export interface WireAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** A connection to the wire server that is used for one request after the other. */
export interface WireConnection {
  /**
   * Sends a request and resolves with its answer; undefined when the connection had been closed before it could be answered.
   * Rejects with what went wrong otherwise; the connection is of no use then.
   */
  readonly ask: (request: string, limitMs: number) => Promise<WireAnswer | undefined>
  /** Whether it may be asked again. */
  readonly isOpen: () => boolean
}

/** Largest answer that is taken. */
const limitBytes = 16 * 1024 * 1024

/** An answer is believed only when the other end belongs to `hostUid`, unless that is undefined: others may bind a port whose host agent is away. */
export function connectWire(host: string, port: number, hostUid: number | undefined): WireConnection {
  const socket = createConnection({ host, port })
  // The end of a connection without a pending request does not matter.
  socket.on('error', () => {})
  let known = hostUid === undefined
  return {
    isOpen: () => !socket.destroyed,
    async ask(request, limitMs) {
      const answer = socket.destroyed ? undefined : await exchange(socket, request, limitMs)
      // Only now has the other end been accepted, and has an owner.
      if (answer && !known) {
        const uid = await peerUid(socket)
        if (uid !== hostUid) {
          socket.destroy()
          throw new Error(
            `what answered belongs to ${uid === undefined ? 'nobody any more' : `user ${uid}`}, not to the host`,
          )
        }
        known = true
      }
      if (answer?.headers.get('connection') === 'close') socket.destroy()
      return answer
    },
  }
}

function exchange(socket: Socket, request: string, limitMs: number): Promise<WireAnswer | undefined> {
  const kept = !socket.connecting
  const { promise, resolve, reject } = Promise.withResolvers<WireAnswer | undefined>()
  let received = Buffer.alloc(0)
  const fail = (why: string) => {
    socket.destroy()
    reject(new Error(why))
  }
  const onData = (part: Buffer) => {
    received = Buffer.concat([received, part])
    if (received.length > limitBytes) return fail('the answer is too large')
    const answer = readAnswer(received)
    if (answer) resolve(answer)
  }
  const onError = (error: Error) => (kept && received.length === 0 ? resolve(undefined) : fail(error.message))
  const onClose = () => onError(new Error('the connection was closed'))
  const onTimeout = () => fail('no answer came in time')
  socket.setTimeout(limitMs)
  socket.on('data', onData).on('error', onError).on('close', onClose).on('timeout', onTimeout)
  socket.write(request)
  return promise.finally(() => {
    socket.setTimeout(0)
    socket.off('data', onData).off('error', onError).off('close', onClose).off('timeout', onTimeout)
  })
}

/** The answer, once it is whole: its length stands in its head. */
function readAnswer(received: Buffer): WireAnswer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const body = received.subarray(end + 4)
  if (body.length < Number(headers.get('content-length') ?? 0)) return undefined
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: body.toString('utf8').replace(/^\uFEFF/, '') }
}
