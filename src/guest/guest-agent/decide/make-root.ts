import type { Question } from '../action.ts'
import { wantsRole } from '../health.ts'
import { retryAt } from '../retry.ts'
import { faultOf, goalRoot, isInUse, nextRoot, stands } from '../role-roots.ts'

/**
 * The role root of the goal, and when it is complete the one to be prepared (design.md 9.8). The root of a running role is never
 * written to. A failure is tried again like a failed start (H-13).
 */
export const makeRoot: Question = (state, now) => {
  const { goal, drives, stack, timers } = state
  if (!goal || !wantsRole(goal)) return { actions: [] }
  const wanted = [goalRoot(goal), nextRoot(goal)].find((root) => root && !stands(drives, root))
  if (!wanted || isInUse(stack, wanted.letter)) return { actions: [] }
  const fault = faultOf(state, wanted)
  const due = fault ? retryAt(timers, fault.times, fault.at) : now
  if (now < due) return { actions: [], wakeAt: due }
  const reason = `Role root ${wanted.root.number} is wanted on ${wanted.letter}:\\.`
  return { actions: [{ kind: 'unpack', key: 'root', reason, wanted }] }
}
