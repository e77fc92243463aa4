import type { HandlerRequest } from '../../handler.ts'
import type { HeaderList } from '../../rewrite/looking.ts'
import { without } from '../http/fields.ts'

/** The field in which the host is told what w3wp knows of a request, and says what w3wp alone is to know of an answer. */
export const hostField = 'x-reddog-asp-net'

/** The client's fields, and ours, which the client cannot say. */
export function fieldsFor({ headers, facts, originalUrl, pathInfo }: HandlerRequest): HeaderList {
  const { site, remote, local, isSecure, protocol } = facts
  const known = {
    raw: originalUrl,
    info: pathInfo,
    site,
    remote: remote.address,
    remotePort: remote.port,
    local: local.address,
    localPort: local.port,
    https: isSecure ? 'on' : 'off',
    protocol,
  }
  const words = Object.entries(known).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return [...without(headers, (name) => name === hostField), [hostField, words.join('&')]]
}

/** What the host says of its answer: `skip`, `httpErrors` leaves it as it is; `file`, no handler of the application has taken the request, and files are w3wp's. */
export type HostWord = 'skip' | 'file' | '-'

export function hostWord(headers: HeaderList): HostWord {
  const word = headers.find(([name]) => name.toLowerCase() === hostField)?.[1]
  return word === 'skip' || word === 'file' ? word : '-'
}
