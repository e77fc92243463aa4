import type { Socket } from 'node:net'
import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import { dialMember, type MemberUser } from './member-connection.ts'
import type { ProxyParts } from './parts.ts'
import { pickMember } from './pick-member.ts'
import type { Route } from './route.ts'
import { splice } from './splice.ts'
import { proxyLine } from './tell-client.ts'

/**
 * Serves one connection of a tcp or https endpoint. When a member does not take the connection, the next one is tried (L-23);
 * when none does, the client sees a reset. `first` are bytes that were read to find the route.
 */
export function serveTcpClient(client: Socket, route: Route, parts: ProxyParts, first?: Buffer): void {
  client.setTimeout(route.endpoint.idleTimeoutMs)
  attempt([])

  function attempt(failed: readonly RotationMember[]): void {
    const member = pickMember(parts, route, client, failed)
    if (!member) return void client.resetAndDestroy()
    const user: MemberUser = {
      connected() {
        client.off('close', abandon)
        if (member.isToldClient) connection.socket.write(proxyLine(client))
        if (first) connection.socket.write(first)
        splice(client, connection)
      },
      closed(error) {
        client.off('close', abandon)
        if (client.destroyed) return
        parts.log.warn(
          `refused by ${member.instance}`,
          `${member.instance} did not take a connection: ${error?.message}`,
        )
        if (isLocal(error)) client.resetAndDestroy()
        else attempt([...failed, member])
      },
      received: () => false,
      ended() {},
      drained() {},
    }
    const connection = dialMember(member, user, parts)
    const abandon = () => connection.socket.destroy()
    client.once('close', abandon)
  }
}

/** Whether a connection failed for want of our own means: another member would fail the same way. */
export function isLocal(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.code === 'EMFILE' || error?.code === 'ENFILE' || error?.code === 'EADDRNOTAVAIL'
}
