import { isIP } from 'node:net'
import type { Exchange, Peer } from './exchange.ts'
import { clientField } from './fields.ts'
import { valuesOf } from './head.ts'

/** The client's own address, where the platform's balancer names it in a field (I-36). Who is not trusted is the client himself. */
export function clientOf({ head, peer }: Exchange, isBalancer: (address: string) => boolean): Peer {
  if (!isBalancer(peer.address)) return peer
  const [named, ...others] = valuesOf(head.fields, clientField)
  const [address = '', port] = named?.split(' ') ?? []
  return others.length === 0 ? (peerOf(address, port) ?? peer) : peer
}

/** Undefined when these are no address and port. */
export function peerOf(address: string | undefined, port: string | undefined): Peer | undefined {
  if (address === undefined || isIP(address) === 0) return undefined
  return /^\d{1,5}$/.test(port ?? '') && Number(port) <= 65_535 ? { address, port: Number(port) } : undefined
}
