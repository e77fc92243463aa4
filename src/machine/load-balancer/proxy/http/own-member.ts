import type { Socket } from 'node:net'
import type { RotationMember } from '../../../../fabric/contract/rotation.ts'
import type { ProxyParts } from '../parts.ts'
import { isAmong, pickMember, sameMember } from '../pick-member.ts'
import type { Route } from '../route.ts'

/** Gives the member for the next message; those in `failed` did not take it. Undefined when there is none. */
export type OwnMember = (route: Route, failed: readonly RotationMember[]) => RotationMember | undefined

/** The member of one client connection: the one that the distribution gave it (L-8), for as long as that one is in (L-7). */
export function ownMember(client: Socket, parts: ProxyParts): OwnMember {
  let own: RotationMember | undefined
  let lookedUp: Route | undefined
  return (route, failed) => {
    const isHeard = own !== undefined && !parts.silences.has(own)
    if (own && isHeard && route === lookedUp && failed.length === 0) return own
    const kept = own && isHeard && !isAmong(failed, own) ? sameMember(route.open, own) : undefined
    own = kept ?? pickMember(parts, route, client, failed)
    if (route !== lookedUp) client.setTimeout(route.endpoint.idleTimeoutMs)
    lookedUp = route
    return own
  }
}
