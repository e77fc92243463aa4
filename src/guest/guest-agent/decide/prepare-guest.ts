import type { Question } from '../decide.ts'
import { wantsRole } from '../health.ts'

/** Sets the guest up for the goal: directories, role root, configuration, in that order (S-8). A failure is tried again like a failed start (H-13). */
export const prepareGuest: Question = ({ goal, prepared, unprepared, timers }, now) => {
  if (!goal || !wantsRole(goal) || prepared?.incarnation === goal.incarnation) return { actions: [] }
  if (unprepared) {
    const delays = timers.recycleDelays
    const retryAt = unprepared.at + (delays[Math.min(unprepared.times, delays.length) - 1] ?? 0)
    if (now < retryAt) return { actions: [], wakeAt: retryAt }
  }
  const reason = `The guest is set up for incarnation ${goal.incarnation}.`
  return { actions: [{ kind: 'prepare', key: 'prepare', reason, goal, before: prepared }] }
}
