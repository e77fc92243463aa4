import type { HandlerRequest } from '../../handler.ts'
import type { HeaderList } from '../../rewrite/looking.ts'
import { appended, without } from '../http/fields.ts'

/** Fields that only the server may send: a program believes them. */
const serversOwn = /^(?:ms-aspnetcore-.*|x-forwarded-proto|x-forwarded-host|x-original-(?:for|proto|host))$/

/** The request's fields for the program, which name the client (I-33, I-46). Its token proves that w3wp has sent them. */
export function fieldsFor({ headers, facts }: HandlerRequest, token: string | undefined): HeaderList {
  const { address, port } = facts.remote
  const client = `${address.includes(':') ? `[${address}]` : address}:${port}`
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1]
  return [
    ...appended(
      without(headers, (name) => serversOwn.test(name)),
      'X-Forwarded-For',
      client,
    ),
    ['X-Forwarded-Proto', facts.isSecure ? 'https' : 'http'],
    ...(host === undefined ? [] : [['X-Forwarded-Host', host] as const]),
    ...(token === undefined ? [] : [['MS-ASPNETCORE-TOKEN', token] as const]),
  ]
}
