import type { Question } from '../action.ts'
import { wantsRole } from '../health.ts'
import { goalRoot, stands } from '../role-roots.ts'
import { runsFor } from '../state.ts'

/** Starts WaHostBootstrapper in a guest that is set up, after a failure with the delay of H-13. */
export const startStack: Question = (state, now) => {
  const { stack, goal, prepared, drives, latest, agentIncarnation } = state
  if (stack.kind !== 'down' || !goal || !prepared || !wantsRole(goal)) return { actions: [] }
  if (prepared.incarnation !== goal.incarnation || goal.incarnation < latest) return { actions: [] }
  if (!stands(drives, goalRoot(goal))) return { actions: [] }
  if (goal.agentPackage && goal.agentPackage.incarnation !== agentIncarnation) return { actions: [] }
  if (now < stack.retryAt) return { actions: [], wakeAt: stack.retryAt }
  const reason =
    state.failures > 0 ? `The role is started again after ${state.failures} failures.` : 'The guest is set up.'
  return { actions: [{ kind: 'start', key: 'start', reason, goal, prepared, runs: runsFor(goal) }] }
}
