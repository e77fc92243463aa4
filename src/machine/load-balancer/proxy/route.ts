import type { Guard, MakeGuard } from '../../../fabric/contract/data-plane.ts'
import type { PublicEndpoint, RotationMember } from '../../../fabric/contract/rotation.ts'

/** An endpoint as connections see it while one table is in force. */
export interface Route {
  readonly endpoint: PublicEndpoint
  /** Members that take new work. */
  readonly open: readonly RotationMember[]
  /** Undefined: everybody may come in. */
  readonly guard: Guard | undefined
}

/**
 * Where connections come in. Its target is looked up anew for each connection and each http message, so that a new table, or a VIP swap, takes effect
 * at once.
 */
export interface Door {
  /** The route by the host name of the request; undefined when nothing is served. A VIP leads to one endpoint whatever the name. */
  route(host: string | undefined): Route | undefined
  /** Several services share the door: it answers when a name leads nowhere. */
  readonly shared: boolean
}

export function routeTo(endpoint: PublicEndpoint, makeGuard: MakeGuard): Route {
  const open = endpoint.members.filter((member) => member.state === 'in')
  return { endpoint, open, guard: endpoint.acl && makeGuard(endpoint.acl) }
}

/** Whether a client may come in on this route (L-18). A client whose address is already unknown may not. */
export function mayCome({ guard }: Route, clientAddress: string | undefined): boolean {
  return guard === undefined || (clientAddress !== undefined && guard(clientAddress))
}

/** Distinguishes the ports of members. */
export function targetOf(member: Pick<RotationMember, 'address' | 'port'>): string {
  return `${member.address}:${member.port}`
}
