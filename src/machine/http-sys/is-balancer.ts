import type { Socket } from 'node:net'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import { machineAddress } from '../guest/namespace/guest-network.ts'
import { ofAccount } from '../peer.ts'

/**
 * Whether the load balancer may be at the other end of a connection to this guest, so that the client it names is believed (L-25). In a
 * network of its own the guest sees the balancer, and all else on the machine that is no guest, at the machine's end of its link: rules hold
 * every other guest to its own address. Elsewhere all connections come from 127.0.0.1. Then the other end must belong to root, or to the
 * account of this process, which a guest without an account of its own shares with the balancer. There it reads the kernel's table of
 * connections: ask only for a connection that began with the balancer's line, and once. False when the other end has closed already.
 */
export async function isBalancer(socket: Socket, { ownNetwork }: Pick<GuestSettings, 'ownNetwork'>): Promise<boolean> {
  return ownNetwork ? socket.remoteAddress === machineAddress : ofAccount()(socket)
}
