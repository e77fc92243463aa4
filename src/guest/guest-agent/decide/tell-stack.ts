import type { Question } from '../decide.ts'

/** A change that restarts nothing goes to the running stack: Changing and Changed are raised there (U-47). */
export const tellStack: Question = ({ stack, goal, prepared }) => {
  if (stack.kind !== 'up' || !goal || !prepared) return { actions: [] }
  const { incarnation } = prepared
  if (incarnation !== goal.incarnation || stack.told >= incarnation) return { actions: [] }
  const told = {
    incarnation,
    state: 'Started',
    roleEnvironmentPath: prepared.environment.path,
    simultaneous: goal.configuration.specification.blast,
  } as const
  return { actions: [{ kind: 'tell', key: 'tell', reason: `Incarnation ${incarnation} is in force.`, goal: told }] }
}
