import { METHODS } from 'node:http'
import { urlPath } from '../../service-model/application-host/url-path.ts'
import { headBytes, type RawHead, valuesOf } from './head.ts'
import { segmentLimits } from './limits.ts'
import { type Refusal, refusals } from './refusals.ts'

/** The parts of a request that select a site and an application. */
export interface Examined {
  /** Path and query, as written. */
  readonly target: string
  /** As `urlPath` has it. */
  readonly path: string
  readonly host: string
}

/** HTTP/2 has other characters in it than HTTP/1 can pass on. */
const targetForm = /^\/[!-"$-~\u0080-\u00ff]*$/

const hostForm = /^(?:\[[0-9a-f:.]{2,45}\]|[\w.~!$&'()*+,;=%-]{0,255})(?::\d{0,5})?$/i

/** Refuses what the parser accepts and HTTP.sys, or RFC 9112, does not. */
export function examine(head: RawHead, mostBytes: number): Examined | { readonly refused: Refusal } {
  const { method, version } = head
  if (version !== '1.0' && version !== '1.1' && version !== '2.0') return { refused: refusals.version }
  if (!METHODS.includes(method)) return { refused: refusals.verb }
  if (headBytes(`${method} ${head.target} HTTP/${version}`, head.fields) > mostBytes)
    return { refused: refusals.requestLength }
  const fault = faultOfFields(head)
  if (fault) return { refused: fault }
  const { target, authority } = partsOf(head)
  const isForAll = method === 'OPTIONS' && target === '*'
  const path = isForAll ? '/' : pathOf(target)
  if (path === undefined) return { refused: refusals.url }
  const hosts = valuesOf(head.fields, 'host')
  const host = authority ?? hosts[0]
  if (hosts.length > 1 || (host === undefined && version === '1.1') || !hostForm.test(host ?? ''))
    return { refused: refusals.hostname }
  return { target, path, host: host ?? '' }
}

/** A transfer coding that two read differently is how one request is made two of. */
function faultOfFields({ method, version, fields }: RawHead): Refusal | undefined {
  const [coding, ...others] = valuesOf(fields, 'transfer-encoding')
  if (coding !== undefined) {
    if (version !== '1.1' || others.length > 0) return refusals.header
    return coding.toLowerCase() === 'chunked' ? undefined : refusals.notImplemented
  }
  const mayBeEmpty = version === '2.0' || !['POST', 'PUT'].includes(method)
  return mayBeEmpty || valuesOf(fields, 'content-length').length > 0 ? undefined : refusals.lengthRequired
}

/** The host of an absolute URL has priority over that of the field (RFC 9112, 3.2.2). */
function partsOf({ target }: RawHead): { readonly target: string; readonly authority?: string | undefined } {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#@]+)([/?].*)?$/i.exec(target) ?? []
  if (authority === undefined) return { target }
  return { target: rest.startsWith('/') ? rest : `/${rest}`, authority }
}

function pathOf(target: string): string | undefined {
  if (!targetForm.test(target)) return undefined
  const path = urlPath(target)
  const segments = path?.split('/') ?? []
  const isLong =
    segments.length > segmentLimits.count + 1 || segments.some(({ length }) => length > segmentLimits.length)
  return isLong ? undefined : path
}
