import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import type { Look, ProbeOutcome } from '../../fabric/contract/data-plane.ts'
import type { Probe } from '../../fabric/contract/rotation.ts'

/** One probe of a member, on a connection of its own (L-2 to L-4). */
export const look: Look = (probe, limitMs) =>
  probe.protocol === 'http' ? lookHttp(probe, limitMs) : lookTcp(probe, limitMs)

/** Good is 200 and nothing else. A port that refuses is silence: a guest agent that restarts must not take its role out. */
function lookHttp(probe: Probe, limitMs: number): Promise<ProbeOutcome> {
  const path = inRequestLine(probe.path ?? '/')
  return new Promise((resolve) => {
    const asked = request({
      host: probe.address,
      port: probe.port,
      path: path.startsWith('/') ? path : `/${path}`,
      agent: false,
      signal: AbortSignal.timeout(limitMs),
    })
    const judge = ({ statusCode }: IncomingMessage): void =>
      resolve(statusCode === 200 ? { verdict: 'good' } : { verdict: 'bad', saw: `HTTP ${statusCode}` })
    asked.on('response', (answer) => {
      asked.destroy()
      judge(answer)
    })
    // A 101 that nobody asked for is an answer of its own kind to Node.
    asked.on('upgrade', (answer, socket) => {
      socket.destroy()
      judge(answer)
    })
    asked.on('error', (error) => resolve({ verdict: 'silent', saw: wordsOf(error, limitMs) }))
    // However it ends: a probe without an outcome would be the member's last one.
    asked.on('close', () => resolve({ verdict: 'silent', saw: 'the connection ended without an answer' }))
    asked.end()
  })
}

/** Good is the handshake; a port that refuses is bad at once. */
function lookTcp(probe: Probe, limitMs: number): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: probe.address, port: probe.port, signal: AbortSignal.timeout(limitMs) })
    socket.on('connect', () => {
      socket.destroy()
      resolve({ verdict: 'good' })
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const refused = error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET'
      resolve({ verdict: refused ? 'bad' : 'silent', saw: wordsOf(error, limitMs) })
    })
  })
}

/** Characters that a request line cannot hold are sent encoded: a path with a blank or an umlaut is a path too. */
function inRequestLine(path: string): string {
  return path.toWellFormed().replace(/[^!-~]/gu, encodeURIComponent)
}

function wordsOf(error: NodeJS.ErrnoException, limitMs: number): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no answer within ${limitMs} ms`
  return error.code === 'ECONNREFUSED' ? 'the port refuses connections' : error.message
}
