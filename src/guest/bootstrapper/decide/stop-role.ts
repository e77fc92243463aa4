import type { Question } from '../action.ts'
import { childrenAtStop } from '../children.ts'
import { type BootstrapperState, ownClients, publishedListeners } from '../state.ts'

/** Stopping and OnStop where somebody listens, SIGTERM where nobody does, and the end (H-27, role-runtime.md 8.5). */
export const stopRole: Question = (state) => {
  const { stage, goal } = state
  if (stage.kind === 'ending')
    return {
      actions: [{ kind: 'end', key: 'end', reason: stage.exit.activity || 'The role has stopped.', exit: stage.exit }],
    }
  if (stage.kind !== 'stopping') return { actions: [] }
  if (!stage.told) {
    const { runtimeIncarnation: incarnation } = state
    const { deadline } = stage
    const told = { incarnation, expected: 'Stopped' as const, roleEnvironmentPath: goal.roleEnvironmentPath, deadline }
    const message = { kind: 'stop' as const, deadline }
    return {
      actions: [
        { kind: 'tell', key: 'stop', reason: 'The goal is Stopped.', goal: told, message, clients: ownClients(state) },
      ],
    }
  }
  // WaWorkerHost ends by itself when OnStop has returned.
  if (state.plan.host.kind === 'module' || stage.terminatedAt !== undefined || !allHaveStopped(state))
    return { actions: [] }
  const reason = 'No process of the role has anything left to do.'
  const children = childrenAtStop(state.children, 'told')
  return { actions: [{ kind: 'terminate', key: 'terminate', reason, children }] }
}

/** Our own clients say so; of the others each that can hear must have its Stopped lease. True when there are none at all. */
function allHaveStopped(state: BootstrapperState): boolean {
  const stoppedLeases = Object.values(state.leases).filter(({ status }) => status === 'Stopped')
  return (
    ownClients(state).every((id) => state.clients[id]?.stopped) && stoppedLeases.length >= publishedListeners(state)
  )
}
