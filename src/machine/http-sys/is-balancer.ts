import type { Socket } from 'node:net'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import { machineAddress } from '../guest/namespace/guest-network.ts'
import { ofAccount } from '../peer.ts'

/**
 * Whether the load balancer may be at the other end of a connection to this guest, so that its word on who the client is counts (L-25). In a
 * network of its own the guest meets the balancer, and all else that runs on the machine and is no guest, at the machine's end of its
 * link: rules hold every other guest to its own address. Elsewhere all connections come from 127.0.0.1: it is of root, or of the
 * account of this process, which a guest shares with the balancer where it has none of its own. There it reads the kernel's table of
 * connections: ask only of a connection on which such a word has come, and once. False when the other end has closed already.
 */
export async function isBalancer(socket: Socket, { ownNetwork }: Pick<GuestSettings, 'ownNetwork'>): Promise<boolean> {
  return ownNetwork ? socket.remoteAddress === machineAddress : ofAccount()(socket)
}
