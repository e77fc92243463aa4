import type { Flow } from '../contract/data-plane.ts'
import type { PublicEndpoint, RotationMember } from '../contract/rotation.ts'

/**
 * The member that serves a flow, by a hash over what the distribution names (L-8): two addresses (`sourceIP`), those and the protocol
 * (`sourceIPProtocol`), or the whole 5-tuple (`none`).
 *
 * The member with the highest mixed hash wins (rendezvous hashing). So the order of the members does not matter. When the rotation changes, only the
 * flows of members that left, and a fair part for new members, are mapped again.
 */
export function chooseMember(
  members: readonly RotationMember[],
  distribution: PublicEndpoint['distribution'],
  flow: Flow,
): RotationMember | undefined {
  const flowHash = hashText(keyOf(distribution, flow))
  let chosen: RotationMember | undefined
  let highest = -1
  for (const member of members) {
    const weight = mix(flowHash ^ hashText(member.instance))
    if (weight > highest || (weight === highest && chosen && member.instance < chosen.instance)) {
      highest = weight
      chosen = member
    }
  }
  return chosen
}

function keyOf(distribution: PublicEndpoint['distribution'], flow: Flow): string {
  const addresses = `${flow.clientAddress} ${flow.address}`
  if (distribution === 'sourceIP') return addresses
  if (distribution === 'sourceIPProtocol') return `${addresses} ${flow.protocol}`
  return `${addresses} ${flow.protocol} ${flow.clientPort} ${flow.port}`
}

/** FNV-1a over the characters, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** The finalizer of MurmurHash3: one changed bit changes half of the answer's, which FNV alone does not reach. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
