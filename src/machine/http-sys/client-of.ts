import { isIP } from 'node:net'
import type { Exchange, Peer } from './exchange.ts'
import { clientField } from './fields.ts'
import { valuesOf } from './head.ts'

/** The client's own address, which the platform's balancer names in a field where it sees requests (I-36). Who is not trusted is the client himself. */
export function clientOf(
  { head, peer }: Exchange,
  { isSecure }: { readonly isSecure: boolean },
  isBalancer: (address: string) => boolean,
): Peer {
  // Below TLS the field can only be the client's own.
  if (isSecure || !isBalancer(peer.address)) return peer
  const [named, ...others] = valuesOf(head.fields, clientField)
  const [address = '', port] = named?.split(' ') ?? []
  return others.length === 0 ? (peerOf(address, port) ?? peer) : peer
}

/** Undefined when these are no address and port. */
export function peerOf(address: string | undefined, port: string | undefined): Peer | undefined {
  if (address === undefined || isIP(address) === 0) return undefined
  return /^\d{1,5}$/.test(port ?? '') && Number(port) <= 65_535 ? { address, port: Number(port) } : undefined
}
