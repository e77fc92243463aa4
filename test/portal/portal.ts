/** The portal's gateway of a running house, as a browser or a stranger asks it. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { checkServerIdentity } from 'node:tls'
import { oneTimeLink } from '../../src/client/portal/one-time-link.ts'
import { signInFragment } from '../../src/client/portal/protocol.ts'
import { subscriptionCertificateDocument } from '../../src/front-end/contract/wire/subscription.ts'
import { parseCertificate } from '../../src/machine/certificates/certificate.ts'
import type { KeyAndCertificate } from '../../src/machine/certificates/key-and-certificate.ts'
import type { House } from '../end-to-end/house.ts'

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: string | Buffer | Readable
  /** The value of a Cookie header. */
  readonly cookie?: string | undefined
  /** Shown in the handshake. */
  readonly certificate?: KeyAndCertificate | undefined
  /** PEM of the authority that is trusted. */
  readonly ca?: string
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What a page of our own sends with every request that changes something. */
export const ownPage = { 'x-reddog-portal': '1' } as const

/** The answer to a request whose target is sent as it is written. */
export async function ask(base: string, target: string, asked: Asked = {}): Promise<Answered> {
  const response = await open(base, target, asked)
  let body = ''
  for await (const piece of response) body += piece
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}

/** The answer as it begins; whoever asks ends it. */
export async function open(base: string, target: string, asked: Asked = {}): Promise<IncomingMessage> {
  const sent = begin(base, target, asked)
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  const { body } = asked
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) sent.end(body)
  // A server that refuses does not wait for all of it.
  else pipeline(body, sent).catch(() => {})
  return (await answered)[0]
}

/** The request alone: nothing but its head has been sent. */
export function begin(
  base: string,
  target: string,
  { method, headers, cookie, certificate, ca }: Asked,
): ClientRequest {
  const { protocol, hostname, port } = new URL(base)
  const options = {
    host: hostname,
    port: port || 443,
    path: target,
    method: method ?? 'GET',
    agent: false,
    headers: { ...(cookie && { cookie }), ...headers },
  } as const
  if (protocol === 'http:') return plainRequest(options)
  return tlsRequest({
    ...options,
    ca,
    cert: certificate?.certificatePem,
    key: certificate?.keyPem,
    // Whatever the Host header says, the address is the one that was asked.
    checkServerIdentity: (_name, shown) => checkServerIdentity(hostname, shown),
  })
}

/** `http://127.0.0.1:8441` */
export function originOf(house: House): string {
  return new URL(house.greeting()['portalUrl'] as string).origin
}

/** The user's own management certificate. */
export function management({ data }: House): KeyAndCertificate {
  return {
    certificatePem: readFileSync(join(data, 'management.pem'), 'utf8'),
    keyPem: readFileSync(join(data, 'management.key'), 'utf8'),
  }
}

export function tokenOf(link: string): string {
  return link.slice(link.indexOf(signInFragment) + signInFragment.length)
}

/** A new token of the house's own key. */
export function newToken(house: House, pair = management(house)): string {
  return tokenOf(oneTimeLink(originOf(house), pair, Date.now()))
}

export function takeToken(base: string, token: string, more: Asked = {}): Promise<Answered> {
  return ask(base, '/session', { method: 'POST', headers: ownPage, body: JSON.stringify({ token }), ...more })
}

/** Signs in; the cookie as the next request sends it. */
export async function signIn(house: House, pair?: KeyAndCertificate): Promise<string> {
  return cookieOf(await takeToken(originOf(house), newToken(house, pair)))
}

export function cookieOf({ status, headers }: Answered): string {
  const [cookie] = headers['set-cookie'] ?? []
  if (status !== 204 || !cookie) throw new Error(`not signed in: ${status}`)
  return cookie.split(';')[0] as string
}

/** A pair as users of OpenSSL make it: another key than ours. */
export function openSslCertificate(directory: string, name: string): KeyAndCertificate {
  const [key, certificate] = [join(directory, `${name}.key`), join(directory, `${name}.pem`)]
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=${name}`
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', certificate], { stdio: 'ignore' })
  return { certificatePem: readFileSync(certificate, 'utf8'), keyPem: readFileSync(key, 'utf8') }
}

/** The API itself, under the user's own certificate. */
export function askApi(house: House, method: string, path: string, body?: string): Promise<Answered> {
  const { managementUrl = '', subscriptionId = '', caCertificate = '' } = house.greeting()
  return ask(managementUrl, `/${subscriptionId}${path}`, {
    method,
    certificate: management(house),
    ca: readFileSync(caCertificate, 'utf8'),
    headers: { 'x-ms-version': '2017-01-01', 'content-length': Buffer.byteLength(body ?? '') },
    ...(body !== undefined && { body }),
  })
}

/** Registers a management certificate; its thumbprint. */
export async function register(house: House, { certificatePem }: KeyAndCertificate): Promise<string> {
  const thumbprint = thumbprintOf(certificatePem)
  const data = parseCertificate(certificatePem)?.der.toString('base64') ?? ''
  const body = subscriptionCertificateDocument.write({ thumbprint, data, publicKey: undefined, created: undefined })
  const { status } = await askApi(house, 'POST', '/certificates', body)
  if (status !== 200) throw new Error(`not registered: ${status}`)
  return thumbprint
}

export function thumbprintOf(certificatePem: string): string {
  return parseCertificate(certificatePem)?.thumbprint ?? ''
}

export interface LiveEvent {
  readonly event: string
  readonly data: { readonly path?: string; readonly status?: number; readonly text?: string }
}

/** A stream of server-sent events, and what has come. */
export async function watch(base: string, paths: readonly string[], asked: Asked = {}) {
  const query = new URLSearchParams(paths.map((path): [string, string] => ['path', path])).toString()
  const response = await open(base, `/live?${query}`, asked)
  const events: LiveEvent[] = []
  let text = ''
  let isOver = false
  response.on('data', (piece: Buffer) => {
    text += piece.toString()
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      if (event && data) events.push({ event, data: JSON.parse(data) as LiveEvent['data'] })
      text = text.slice(end + 2)
    }
  })
  response.once('error', () => {})
  response.once('close', () => {
    isOver = true
  })
  return {
    status: response.statusCode,
    events,
    isOver: () => isOver,
    end: () => response.destroy(),
  }
}

/** Most memory that the portal's process has had at once, in bytes. */
export function highestMemory(house: House): number {
  const status = readFileSync(`/proc/${house.member('Portal')}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

export function portalLog({ data }: House): string {
  return readFileSync(join(data, 'logs/Portal.log'), 'utf8')
}
