import type { Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { fingerprintOf } from '../certificates/fingerprint.ts'
import { clockToleranceMs } from '../certificates/key-and-certificate.ts'

/** Who has a connection, by its certificate. */
export interface Caller {
  readonly name: string
  /** SHA-256, lower-case hexadecimal digits. */
  readonly fingerprint: string
  /** When the authority signed it, in milliseconds. */
  readonly signedAt: number
}

/** Most connections of strangers at a time: machines join one by one. Origin: choice. */
const mostStrangers = 32

/** Longest life of a stranger's connection: a machine that joins is answered within some seconds. Origin: choice. */
const strangerLimitMs = 30_000

/**
 * Who calls, when the authority has signed its certificate; undefined: a stranger. A resumed session of TLS 1.3 counts as authorised even when the first
 * one had no certificate, so the certificate itself must be there.
 */
export function callerOf(socket: TLSSocket): Caller | undefined {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined
  const name = certificate && /^CN=(.*)$/m.exec(certificate.subject)?.[1]
  if (!certificate || name === undefined) return undefined
  const signedAt = certificate.validFromDate.getTime() + clockToleranceMs
  return { name, fingerprint: fingerprintOf(certificate.raw), signedAt }
}

/** Strangers have few connections together, and none for long: they cannot keep out whom the fabric knows. */
export function limitStrangers(server: Server): void {
  let strangers = 0
  server.on('secureConnection', (socket: TLSSocket) => {
    if (callerOf(socket)) return
    if (strangers >= mostStrangers) return void socket.destroy()
    strangers += 1
    const end = setTimeout(() => socket.destroy(), strangerLimitMs)
    socket.once('close', () => {
      strangers -= 1
      clearTimeout(end)
    })
  })
}
