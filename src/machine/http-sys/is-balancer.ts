import type { Socket } from 'node:net'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import { isMachine } from '../guest/namespace/guest-network.ts'
import { ofAccount } from '../peer.ts'

/**
 * Whether the load balancer may be at the other end of a connection to this guest, so that the client it names is believed (L-25). In a
 * network of its own the guest sees the balancer, and all else on the machine that is no guest, at the machine's end of its link, and those of
 * the fabric's other machines at the addresses that these have among guests: rules hold everybody else to his own. Elsewhere all connections
 * come from 127.0.0.1. Then the other end must belong to root, or to the account of this process, which a guest without an account of its own
 * shares with the balancer. There it reads the kernel's table of connections: ask only for a connection that began with the balancer's line, and
 * once. False when the other end has closed already.
 */
export async function isBalancer(
  socket: Socket,
  { ownNetwork, address }: Pick<GuestSettings, 'ownNetwork' | 'address'>,
): Promise<boolean> {
  return ownNetwork ? isMachine(address, socket.remoteAddress ?? '') : ofAccount()(socket)
}
