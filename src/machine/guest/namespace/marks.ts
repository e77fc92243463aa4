import { createHash } from 'node:crypto'
import type { Owner } from '../../../guest/contract/guest-paths.ts'

/** Bits of packet marks that Kubernetes gives a meaning of its own: what has them is translated, or dropped. */
const taken = 0xc000

/** What packets from one guest of a fabric to another bear on their way through the machine: of which deployment and role the sender is. Never 0. */
export function markOf({ deploymentId, role }: Owner): number {
  const digest = createHash('sha256').update(`${deploymentId}/${role}`).digest()
  return ((digest.readUInt32BE(0) & ~taken) | 1) >>> 0
}
