import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import { targetOf } from './route.ts'

/** Members that have refused a datagram: without a connection nothing else would warn the next client (L-23). */
export interface Refusals {
  /** It is passed over for so long, in milliseconds, unless it leaves the rotation before. */
  note(member: RotationMember, forMs: number): void
  /** Those of these members that are to be passed over. Refusals of others are forgotten, and all when every one has refused: one of them may serve again. */
  among(open: readonly RotationMember[]): readonly RotationMember[]
}

export function noRefusals(): Refusals {
  /** Until when, by address and port. */
  let until = new Map<string, number>()
  return {
    note: (member, forMs) => void until.set(targetOf(member), performance.now() + forMs),
    among(open) {
      if (until.size === 0) return []
      const now = performance.now()
      const standing = open.filter((member) => (until.get(targetOf(member)) ?? 0) > now)
      const refusing = standing.length < open.length ? standing : []
      until = new Map(refusing.map((member) => [targetOf(member), until.get(targetOf(member)) as number]))
      return refusing
    },
  }
}
