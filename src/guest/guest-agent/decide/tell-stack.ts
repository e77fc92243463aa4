import type { Question } from '../action.ts'
import { sameRoot } from '../role-roots.ts'
import { type Runs, runsFor } from '../state.ts'

/**
 * A change that restarts nothing goes to the running stack: Changing and Changed are raised there (U-47). A goal with another
 * role root or certificate waits for the next stack.
 */
export const tellStack: Question = ({ stack, goal, prepared }) => {
  if (stack.kind !== 'up' || !goal || !prepared) return { actions: [] }
  const { incarnation } = prepared
  if (incarnation !== goal.incarnation || stack.told >= incarnation || !runsAsWanted(stack.runs, runsFor(goal)))
    return { actions: [] }
  const told = {
    incarnation,
    state: 'Started',
    roleEnvironmentPath: prepared.environment.path,
    simultaneous: goal.configuration.specification.blast,
  } as const
  const reason = `Incarnation ${incarnation} is in force.`
  return { actions: [{ kind: 'tell', key: 'tell', reason, goal: told, context: 'UpdateRole' }] }
}

function runsAsWanted(runs: Runs, wanted: Runs): boolean {
  return sameRoot(runs.root, wanted.root) && runs.certificates === wanted.certificates
}
