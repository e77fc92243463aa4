import type { Question } from '../action.ts'

/** The goal state and its documents, whenever a newer incarnation is known (wire-server.md 7). */
export const fetchGoal: Question = ({ goal, latest, retryFetchAt }, now) => {
  if (goal && goal.incarnation >= latest) return { actions: [] }
  if (now < retryFetchAt) return { actions: [], wakeAt: retryFetchAt }
  const reason = goal ? `Incarnation ${latest} has come.` : 'There is no goal yet.'
  return { actions: [{ kind: 'fetchGoal', key: 'goal', reason }] }
}
