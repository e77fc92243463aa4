import { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { portalHeader } from '../protocol.ts'
import { Refusal } from './refusal.ts'
import type { RegisteredCertificate, RegisteredCertificates } from './registered-certificates.ts'
import { type SessionCookie, sessionCookie } from './session-cookie.ts'

/** A listener, as requests see it: by which names it is asked, and with what one signs in there. */
export interface Entrance {
  /** The first one is where one-time links lead; of the other entrance the only one. */
  readonly origins: readonly string[]
  readonly cookie: SessionCookie
  /** Whether a management certificate is shown in the handshake, and needed for everything. */
  readonly byCertificate: boolean
}

/** On this machine: by one-time links. */
export function entranceHere(port: number): Entrance {
  const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
  return { origins, cookie: sessionCookie(port, false), byCertificate: false }
}

/** For other machines: by management certificates. */
export function entranceElsewhere(host: string, port: number): Entrance {
  // As browsers write it: without the scheme's own port.
  const { origin } = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`)
  return { origins: [origin], cookie: sessionCookie(port, true), byCertificate: true }
}

/** Refuses a request under any other name: a page of an attacker's domain whose address was turned to ours would be of our origin (DNS rebinding). */
export function checkHost({ origins }: Entrance, { headers }: IncomingMessage): void {
  if (!origins.some((origin) => new URL(origin).host === headers.host?.toLowerCase()))
    throw new Refusal(421, `The portal is reached as ${origins[0]} alone.`)
}

/**
 * Refuses what another site has a browser ask: its page may show no answer of ours, and sends no request that changes something,
 * for it cannot set our header.
 */
export function checkSite({ origins }: Entrance, { headers, method }: IncomingMessage): void {
  const refusal = new Refusal(403, 'The request comes from another site.')
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refusal
  if (method === 'GET' || method === 'HEAD') return
  if (headers[portalHeader] === undefined) throw refusal
  const own = origins.find((origin) => new URL(origin).host === headers.host?.toLowerCase())
  if (headers.origin !== undefined && headers.origin !== own) throw refusal
}

/** The registered management certificate of the caller: equal in every byte, and not expired (R-3). Rejects with a Refusal. */
export async function shownCertificate(
  { socket }: IncomingMessage,
  certificates: RegisteredCertificates,
): Promise<RegisteredCertificate> {
  const shown = (socket as TLSSocket).getPeerX509Certificate?.()
  const data = shown instanceof X509Certificate ? shown.raw.toString('base64') : undefined
  const found = data === undefined ? undefined : (await certificates.current()).find((one) => one.data === data)
  if (found) return found
  throw new Refusal(
    403,
    data === undefined
      ? 'This portal is for holders of a management certificate of the subscription, and your browser has shown none. Import one into it.'
      : 'The management certificate that your browser has shown is not registered for the subscription, or has expired.',
  )
}
