import type { Question } from '../action.ts'
import { wantsRole } from '../health.ts'
import { retryAt } from '../retry.ts'

/** Sets the guest up for the goal: directories, then configuration (S-8). A failure is tried again like a failed start (H-13). */
export const prepareGuest: Question = ({ goal, prepared, unprepared, timers }, now) => {
  if (!goal || !wantsRole(goal) || prepared?.incarnation === goal.incarnation) return { actions: [] }
  const due = unprepared ? retryAt(timers, unprepared.times, unprepared.at) : now
  if (now < due) return { actions: [], wakeAt: due }
  const reason = `The guest is set up for incarnation ${goal.incarnation}.`
  return { actions: [{ kind: 'prepare', key: 'prepare', reason, goal, before: prepared }] }
}
