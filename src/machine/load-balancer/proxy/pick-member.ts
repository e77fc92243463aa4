import type { Socket } from 'node:net'
import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import type { ProxyParts } from './parts.ts'
import type { Route } from './route.ts'

/** The member that serves a client (L-8); members in `failed` did not take the client's bytes, and silent ones come last (L-23). */
export function pickMember(
  parts: ProxyParts,
  { open, endpoint }: Route,
  { remoteAddress = '', remotePort = 0 }: Pick<Socket, 'remoteAddress' | 'remotePort'>,
  failed: readonly RotationMember[],
): RotationMember | undefined {
  const untried = failed.length === 0 ? open : open.filter((member) => !isAmong(failed, member))
  return parts.choose(parts.silences.leave(untried), endpoint.distribution, {
    protocol: endpoint.protocol === 'udp' ? 'udp' : 'tcp',
    clientAddress: remoteAddress,
    clientPort: remotePort,
    address: endpoint.vip,
    port: endpoint.port,
  })
}

export function isAmong(members: readonly RotationMember[], member: RotationMember): boolean {
  return sameMember(members, member) !== undefined
}

/** This member in another table: by address and port, since each table brings new objects. */
export function sameMember(members: readonly RotationMember[], member: RotationMember): RotationMember | undefined {
  return members.find((one) => one.address === member.address && one.port === member.port)
}
