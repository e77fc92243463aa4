import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import { type Refusal, refusal } from './refusal.ts'

type Access = Effective<(typeof sections)['security/access']>
type Anonymous = Effective<(typeof sections)['security/authentication/anonymousAuthentication']>
type Authorization = Effective<(typeof sections)['security/authorization']>
type Rule = Authorization['items'][number]

/** Why `access` refuses a connection: 403.4 where https is wanted, 403.7 where a certificate of the client is, which nobody here asks for (I-65). */
export function refusedConnection(isSecure: boolean, { sslFlags }: Access): Refusal | undefined {
  const flags = sslFlags.split(',')
  if (!isSecure && (flags.includes('Ssl') || flags.includes('Ssl128')))
    return refusal(403, 4, 'sslFlags of access wants https.')
  return flags.includes('SslRequireCert')
    ? refusal(403, 7, 'sslFlags of access wants a certificate of the client.')
    : undefined
}

/**
 * Why a client is refused that has not signed in, as nobody does here: 401.2 (I-65). A rule that denies is obeyed whatever other rules say; without one
 * that lets in, nobody is let in. The server's own rule lets in all.
 */
export function refusedClient(
  method: string,
  { enabled }: Anonymous,
  { items, removed, isCleared }: Authorization,
): Refusal | undefined {
  if (!enabled) return refusal(401, 2, 'anonymousAuthentication is off, and nobody signs in here.')
  const about = items.filter((rule) => isAbout(rule, method))
  if (about.some(({ accessType }) => accessType === 'Deny'))
    return refusal(401, 2, 'A rule of authorization denies clients that have not signed in.')
  const isOpen = !isCleared && !removed.some(([users, ...others]) => users === '*' && others.join('') === '')
  return isOpen || about.length > 0
    ? undefined
    : refusal(401, 2, 'No rule of authorization lets in clients that have not signed in.')
}

/** Whether a rule speaks of a client that has not signed in, and has no role. */
function isAbout({ users, verbs }: Rule, method: string): boolean {
  const isAnonymous = listed(users).some((user) => user === '*' || user === '?')
  return isAnonymous && (verbs.trim() === '' || listed(verbs.toUpperCase()).includes(method.toUpperCase()))
}

const listed = (text: string) => text.split(',').map((word) => word.trim())
