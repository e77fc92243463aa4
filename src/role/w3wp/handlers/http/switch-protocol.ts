import http from 'node:http'
import type { Duplex } from 'node:stream'
import { listenerFields } from '../../../contract/web-request.ts'
import type { HandlerAnswer } from '../../handler.ts'
import type { HeaderList } from '../../rewrite/looking.ts'
import type { Target } from '../program/listening.ts'
import { endToEnd, fieldValue, pairs, without } from './fields.ts'

/** A connection that its client wants to use for another protocol. */
export interface Switching {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly socket: Duplex
  readonly head: Buffer
  readonly signal: AbortSignal
}

/**
 * Passes an offer of another protocol on, and then all bytes of both sides. Undefined once the connection is the program's and its end is seen; the
 * program's own answer when it does not accept the offer. Rejects with the cause when it does not answer.
 */
export async function switchProtocol(target: Target, switching: Switching): Promise<HandlerAnswer | undefined> {
  const { method, url, headers, socket, signal } = switching
  const where = 'port' in target ? { host: '127.0.0.1', port: target.port } : target
  const offered = headers.filter(([name]) => name.toLowerCase() === 'upgrade').map(([, value]) => value)
  const fields = [...endToEnd(headers), ['Connection', 'Upgrade'], ['Upgrade', offered.join(', ')]] as HeaderList
  const out = http.request({
    ...where,
    method,
    path: url,
    headers: fields.flatMap(([name, value]) => [name, fieldValue(value)]),
    setHost: false,
    agent: false,
  })
  const abort = () => out.destroy()
  signal.addEventListener('abort', abort)
  socket.once('close', abort)
  out.end()
  try {
    return await new Promise<HandlerAnswer | undefined>((resolve, reject) => {
      out.on('error', reject)
      out.once('response', (answer) =>
        resolve({
          status: answer.statusCode ?? 502,
          reason: answer.statusMessage,
          headers: endToEnd(pairs(answer.rawHeaders)),
          body: answer,
        }),
      )
      out.once('upgrade', (answer, theirs, theirHead) => {
        socket.off('close', abort)
        const lines = without(pairs(answer.rawHeaders), (name) => name === listenerFields.answer).map(
          ([name, value]) => `${name}: ${value}\r\n`,
        )
        socket.write(`HTTP/1.1 101 ${answer.statusMessage ?? ''}\r\n${lines.join('')}\r\n`, 'latin1')
        socket.write(theirHead)
        theirs.write(switching.head)
        splice(socket, theirs).then(() => resolve(undefined), reject)
      })
    })
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/**
 * When one side ends, so does the other: earlier bytes are still delivered, then the connection is over, whether or not the other side has seen
 * it. When one side breaks, the other is cut. Resolves when both are closed.
 */
async function splice(one: Duplex, other: Duplex): Promise<void> {
  const closed = ([side, peer]: readonly [Duplex, Duplex]) =>
    new Promise<void>((resolve) => {
      side.pipe(peer, { end: false })
      side.on('error', () => {})
      side.once('end', () => peer.end(() => peer.destroy()))
      side.once('close', () => {
        if (!side.readableEnded) peer.destroy()
        resolve()
      })
    })
  await Promise.all([closed([one, other]), closed([other, one])])
}
