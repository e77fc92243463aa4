import type { Question } from '../action.ts'
import { childrenAtStop, childrenWithLastWords } from '../children.ts'
import { type BootstrapperState, ownClients, publishedListeners } from '../state.ts'

/** Stopping and OnStop where a client listens, SIGTERM where none does, and the end (H-27, role-runtime.md 8.5). */
export const stopRole: Question = (state) => {
  const { stage, goal, children } = state
  if (stage.kind === 'ending') {
    const { exit } = stage
    const lastWords = exit.why === 'stopped' && !goal.restarts ? childrenWithLastWords(children) : []
    return {
      actions: [{ kind: 'end', key: 'end', reason: exit.activity || 'The role has stopped.', exit, lastWords }],
    }
  }
  if (stage.kind !== 'stopping') return { actions: [] }
  const { told: isTold, untold = [], deadline } = stage
  if (!isTold || untold.length > 0) {
    const { runtimeIncarnation: incarnation } = state
    const clients = isTold ? untold : ownClients(state)
    const key = isTold ? `stop ${untold.join(' ')}` : 'stop'
    const told = { incarnation, expected: 'Stopped' as const, roleEnvironmentPath: goal.roleEnvironmentPath, deadline }
    const message = { kind: 'stop' as const, deadline }
    return {
      actions: [
        { kind: 'tell', key, reason: 'The goal is Stopped.', goal: isTold ? undefined : told, message, clients },
      ],
    }
  }
  // WaWorkerHost ends by itself when OnStop has returned.
  if (state.plan.host.kind !== 'program' || stage.terminatedAt !== undefined || !allHaveStopped(state))
    return { actions: [] }
  const reason = 'No process of the role has anything left to do.'
  const told = childrenAtStop(children, 'told')
  return { actions: [{ kind: 'terminate', key: 'terminate', reason, children: told }] }
}

/** Our own clients report it; of the others, each that follows the goal must have its Stopped lease. True when there are none at all. */
function allHaveStopped(state: BootstrapperState): boolean {
  const stoppedLeases = Object.values(state.leases).filter(({ status }) => status === 'Stopped')
  return (
    ownClients(state).every((id) => state.clients[id]?.stopped) && stoppedLeases.length >= publishedListeners(state)
  )
}
