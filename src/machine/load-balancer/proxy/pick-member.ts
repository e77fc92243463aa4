import type { Socket } from 'node:net'
import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import type { ProxyParts } from './parts.ts'
import type { Route } from './route.ts'

/** The member that serves this client connection (L-8); members in `failed` did not take it. */
export function pickMember(
  parts: ProxyParts,
  route: Route,
  client: Socket,
  failed: readonly RotationMember[],
): RotationMember | undefined {
  const members = failed.length === 0 ? route.open : route.open.filter((member) => !isAmong(failed, member))
  return parts.choose(members, route.endpoint.distribution, {
    protocol: 'tcp',
    clientAddress: client.remoteAddress ?? '',
    clientPort: client.remotePort ?? 0,
    address: route.endpoint.vip,
    port: route.endpoint.port,
  })
}

export function isAmong(members: readonly RotationMember[], member: RotationMember): boolean {
  return sameMember(members, member) !== undefined
}

/** This member in another table: by address and port, since each table brings new objects. */
export function sameMember(members: readonly RotationMember[], member: RotationMember): RotationMember | undefined {
  return members.find((one) => one.address === member.address && one.port === member.port)
}
