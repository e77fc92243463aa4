import { isIP } from 'node:net'
import type { Exchange, Peer } from './exchange.ts'
import { clientField } from './fields.ts'
import { valuesOf } from './head.ts'

/** The client that a field of the request names, which the platform's balancer puts there (I-36); undefined when there is none, or not one. */
export function namedClient({ head }: Exchange): Peer | undefined {
  const [named, ...others] = valuesOf(head.fields, clientField)
  const [address, port] = named?.split(' ') ?? []
  return others.length === 0 ? peerOf(address, port) : undefined
}

/** Undefined when these are no address and port. */
export function peerOf(address: string | undefined, port: string | undefined): Peer | undefined {
  if (address === undefined || isIP(address) === 0) return undefined
  return /^\d{1,5}$/.test(port ?? '') && Number(port) <= 65_535 ? { address, port: Number(port) } : undefined
}
