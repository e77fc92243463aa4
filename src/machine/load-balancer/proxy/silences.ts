import type { RotationMember } from '../../../fabric/contract/rotation.ts'
import { targetOf } from './route.ts'

/** Members whose machine has not answered lately: without this each client of a dead machine would wait for it (L-23). */
export interface Silences {
  /** It has taken no connection in time. */
  note(member: RotationMember): void
  /** It has taken one. */
  forget(member: RotationMember): void
  has(member: RotationMember): boolean
  /** The members without those; all of them when all are silent, for one of them may serve again. */
  leave(members: readonly RotationMember[]): readonly RotationMember[]
}

/** `forMs`: how long a member is passed over. */
export function noSilences(forMs: number): Silences {
  /** Until when, by address and port. */
  const until = new Map<string, number>()
  const has = (member: RotationMember) => (until.get(targetOf(member)) ?? 0) > performance.now()
  return {
    note(member) {
      const now = performance.now()
      for (const [target, end] of until) if (end <= now) until.delete(target)
      until.set(targetOf(member), now + forMs)
    },
    forget(member) {
      if (until.size > 0) until.delete(targetOf(member))
    },
    has: (member) => until.size > 0 && has(member),
    leave(members) {
      if (until.size === 0) return members
      const heard = members.filter((member) => !has(member))
      return heard.length > 0 ? heard : members
    },
  }
}
