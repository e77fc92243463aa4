/**
 * What the listener sends w3wp about a request, and w3wp the listener about its answer, in two header fields. Neither accepts these fields from
 * outside. Between them goes HTTP/1.1 over a socket in the guest's run directory.
 */
import { own } from '../../kernel/own.ts'

/** Names of the two fields, in lower case. A field of that name from a client or an application is removed. */
export const listenerFields = { request: 'x-reddog-request', answer: 'x-reddog-answer' } as const

/** Directory of the sockets of a w3wp's programs, beside its own socket: its content is removed with w3wp, however that ends. */
export const programSockets = (socket: string) => `${socket}h`

/** Facts about a request that w3wp cannot see itself. */
export interface RequestFacts {
  /** Number of the site that a binding has led to. */
  readonly site: number
  /** The client's own address and port (I-36). */
  readonly remote: { readonly address: string; readonly port: number }
  readonly local: { readonly address: string; readonly port: number }
  readonly isSecure: boolean
  /** `HTTP/1.1` or `HTTP/2.0`, as the client spoke. */
  readonly protocol: string
}

/** What the web log records of an answer besides its status (I-35). */
export interface AnswerFacts {
  readonly subStatus: number
  readonly win32Status: number
  readonly userName?: string | undefined
  /** The log records this URL instead of the requested one (`logRewrittenUrl`). */
  readonly loggedUrl?: string | undefined
  /** ASP.NET has answered (P-19). */
  readonly isManaged?: boolean | undefined
  /** The connection is to be closed without an answer (I-30, AbortRequest). */
  readonly isAborted?: boolean | undefined
}

export function writeRequestFacts({ site, remote, local, isSecure, protocol }: RequestFacts): string {
  return [site, remote.address, remote.port, local.address, local.port, isSecure ? 'on' : 'off', protocol].join(' ')
}

/** Undefined when it is not such a text, or there are two: the request did not come from the listener. */
export function readRequestFacts(text: string): RequestFacts | undefined {
  // The address of a client is empty when it disconnected before anybody looked.
  const found = /^(\d{1,10}) (\S*) (\d{1,5}) (\S+) (\d{1,5}) (on|off) (HTTP\/\d\.\d)$/.exec(text)
  if (!found) return undefined
  const [, site, address = '', port, localAddress = '', localPort, https, protocol = ''] = found
  return {
    site: Number(site),
    remote: { address, port: Number(port) },
    local: { address: localAddress, port: Number(localPort) },
    isSecure: https === 'on',
    protocol,
  }
}

/** Values are percent-encoded, so that any text fits into a header; half of a character becomes U+FFFD. */
export function writeAnswerFacts(facts: AnswerFacts): string {
  const { subStatus, win32Status, userName, loggedUrl, isManaged, isAborted } = facts
  if (userName === undefined && loggedUrl === undefined && !isManaged && !isAborted)
    return `s=${subStatus}&w=${win32Status}`
  const [m, a] = [isManaged, isAborted].map((flag) => (flag ? 1 : undefined))
  const words = { s: subStatus, w: win32Status, u: userName, l: loggedUrl, m, a }
  return Object.entries(words)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(String(value).toWellFormed())}`],
    )
    .join('&')
}

/** What most answers say. */
const noted = 's=0&w=0'
const noFacts: AnswerFacts = { subStatus: 0, win32Status: 0 }

/** An answer without the field has sub-status 0. */
export function readAnswerFacts(text: string | undefined): AnswerFacts {
  if (text === noted) return noFacts
  const words = Object.fromEntries(new URLSearchParams(text ?? ''))
  return {
    subStatus: Number(own(words, 's') ?? 0),
    win32Status: Number(own(words, 'w') ?? 0),
    userName: own(words, 'u'),
    loggedUrl: own(words, 'l'),
    isManaged: own(words, 'm') === '1',
    isAborted: own(words, 'a') === '1',
  }
}

/** Messages of W3SVC and w3wp to one another over the channel with which w3wp is started. */
export type ToWorkerProcess = { readonly kind: 'stop' }
/** `listening`: it takes requests at its socket. After a request to stop, it ends with code 0 when no request is in flight. */
export type FromWorkerProcess = { readonly kind: 'listening' }
