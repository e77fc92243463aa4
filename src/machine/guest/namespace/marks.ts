import { createHash } from 'node:crypto'
import type { Owner } from '../../../guest/contract/guest-paths.ts'

/** Bits of packet marks that have a meaning in Kubernetes: packets with them are translated, or dropped. */
const taken = 0xc000

/** The mark of packets from one guest of a fabric to another on their way through the machine: the sender's deployment and role. Never 0. */
export function markOf({ deploymentId, role }: Owner): number {
  const digest = createHash('sha256').update(`${deploymentId}/${role}`).digest()
  return ((digest.readUInt32BE(0) & ~taken) | 1) >>> 0
}
