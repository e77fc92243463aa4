import { rootLetter } from '../../contract/guest-paths.ts'
import type { Question } from '../action.ts'
import { goalRoot } from '../role-roots.ts'

/** Clears the drive that holds no role root now or soon of everything that is no longer wanted. */
export const clearDrive: Question = ({ goal, drives, stack, retryClearAt }, now) => {
  if (stack.kind !== 'up' || !goal || goal.configuration.next) return { actions: [] }
  const letter = rootLetter(stack.runs.root.number + 1)
  if (drives[letter] !== 'leftover' || goalRoot(goal).letter === letter) return { actions: [] }
  if (now < retryClearAt) return { actions: [], wakeAt: retryClearAt }
  return {
    actions: [{ kind: 'clear', key: 'root', reason: `What is on ${letter}:\\ is not wanted any more.`, letter }],
  }
}
