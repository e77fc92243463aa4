import type { HandlerRequest } from '../../handler.ts'
import type { HeaderList } from '../../rewrite/looking.ts'
import { without } from '../http/fields.ts'

/** The field in which w3wp sends the host its own facts about a request, and the host answers with facts for w3wp alone. */
export const hostField = 'x-reddog-asp-net'

/** The client's fields, and ours, which the client cannot send. */
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

/**
 * What the host states about its answer: `skip`, `httpErrors` leaves it as it is; `file`, no handler of the application has taken the request, and
 * w3wp serves files.
 */
export type HostWord = 'skip' | 'file' | '-'

export function hostWord(headers: HeaderList): HostWord {
  const word = headers.find(([name]) => name.toLowerCase() === hostField)?.[1]
  return word === 'skip' || word === 'file' ? word : '-'
}
