import type { Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { isoSeconds } from '../../kernel/instant.ts'
import { fingerprintOf } from '../certificates/fingerprint.ts'
import { signedAtOf } from '../certificates/sign-request.ts'
import { isTimeFault, isValidNow } from '../certificates/valid-now.ts'

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

/** Of them from one address, so that nobody alone keeps others from joining. Origin: choice; a machine that joins needs two. */
const mostOfAddress = mostStrangers / 4

/** Longest life of a stranger's connection: a machine that joins is answered within some seconds. Origin: choice. */
const strangerLimitMs = 30_000

/**
 * Who calls, when the authority has signed its certificate, and it is valid now, as it was when the connection began; undefined: a stranger. A resumed
 * session of TLS 1.3 counts as authorised even when the first one had no certificate, so the certificate itself must be there.
 */
export function callerOf(socket: TLSSocket): Caller | undefined {
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined
  const name = certificate && /^CN=(.*)$/m.exec(certificate.subject)?.[1]
  if (!certificate || name === undefined || !isValidNow(certificate)) return undefined
  return { name, fingerprint: fingerprintOf(certificate.raw), signedAt: signedAtOf(certificate.validToDate) }
}

/**
 * A sentence when the caller's certificate is not valid at the time of this machine, or was not when the connection began: whose clock is right, or
 * whether its owner belongs to the fabric, is not said by that, and who has signed it is not looked at then. Undefined otherwise.
 */
export function untimely(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate()
  // A code, whatever its type says.
  const began = isTimeFault(String(socket.authorizationError))
  if (!certificate || !(socket.authorized || began) || (!began && isValidNow(certificate))) return undefined
  const { validFrom, validTo } = certificate
  const now = isoSeconds(Date.now())
  const clock = isValidNow(certificate) ? `said another time than ${now} before` : `says ${now}`
  return `the certificate of who asks is valid from ${validFrom} to ${validTo}, and the clock of who was asked ${clock}`
}

/** Strangers have few connections together, fewer from one address, and none for long: they cannot keep out whom the fabric knows. */
export function limitStrangers(server: Server): void {
  const strangers = new Set<TLSSocket>()
  server.on('secureConnection', (socket: TLSSocket) => {
    if (callerOf(socket)) return
    const { remoteAddress } = socket
    const near = [...strangers].filter((one) => one.remoteAddress === remoteAddress)
    if (strangers.size >= mostStrangers || near.length >= mostOfAddress) return void socket.destroy()
    strangers.add(socket)
    const end = setTimeout(() => socket.destroy(), strangerLimitMs)
    socket.once('close', () => {
      strangers.delete(socket)
      clearTimeout(end)
    })
  })
}
