import type { Question } from '../action.ts'

/** How long a bootstrapper may take to end after it has killed its role; then it is killed itself. */
const endGraceMs = 10_000

/** Asks the bootstrapper to stop the role, and kills what has not ended at the deadline (H-27, H-28). */
export const stopStack: Question = ({ stack, goal, prepared, retryKillAt }, now) => {
  if (stack.kind !== 'stopping' || !prepared) return { actions: [] }
  const killAt = stack.deadline + endGraceMs
  if (now >= killAt && now < retryKillAt) return { actions: [], wakeAt: retryKillAt }
  if (now >= killAt)
    return { actions: [{ kind: 'kill', key: 'kill', reason: 'The role has not stopped at its deadline.' }] }
  if (stack.told) return { actions: [], wakeAt: killAt }
  const incarnation = goal?.incarnation ?? prepared.incarnation
  const told = {
    incarnation,
    state: 'Stopped',
    roleEnvironmentPath: prepared.environment.path,
    simultaneous: false,
    deadline: stack.deadline,
    restarts: stack.why !== 'goal',
  } as const
  const context = stack.why === 'goal' ? 'StopContainer()' : 'StopRole'
  return {
    actions: [{ kind: 'tell', key: 'stop', reason: `The role stops: ${stack.why}.`, goal: told, context }],
    wakeAt: killAt,
  }
}
