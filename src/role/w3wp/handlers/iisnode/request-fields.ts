import type { HandlerRequest } from '../../handler.ts'
import type { HeaderList } from '../../rewrite/looking.ts'
import { appended, textBytes, without } from '../http/fields.ts'
import type { IisnodeSettings } from './overrides.ts'

/** Most server variables that are promoted to headers. Origin: choice. */
const mostPromoted = 100

/** The request's fields for the program, with what the module adds (I-41). Clients cannot send server variables. */
export function fieldsFor(
  { headers, facts, serverVariable }: HandlerRequest,
  { enableXFF, promoteServerVars }: IisnodeSettings,
): HeaderList {
  const own = without(headers, (name) => name.startsWith('x-iisnode-'))
  const names = promoteServerVars
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^[\w-]{1,100}$/.test(name))
  const promoted = names.slice(0, mostPromoted).flatMap((name) => {
    const value = serverVariable(name)
    return value === '' ? [] : [[`X-iisnode-${name}`, textBytes(value)] as const]
  })
  return [...(enableXFF ? forwarded(own, facts.remote.address, facts.isSecure) : own), ...promoted]
}

/** An address that is already at the end is not added again; a scheme set by a proxy in front stays. */
function forwarded(headers: HeaderList, address: string, isSecure: boolean): HeaderList {
  const values = (wanted: string) => headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value)
  const isSaid = values('x-forwarded-for').at(-1)?.split(',').at(-1)?.trim() === address
  const withAddress = isSaid ? headers : appended(headers, 'X-Forwarded-For', address)
  if (values('x-forwarded-proto').length > 0) return withAddress
  return [...withAddress, ['X-Forwarded-Proto', isSecure ? 'https' : 'http']]
}
