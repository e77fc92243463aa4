import type { Question } from '../action.ts'
import { ownClients } from '../state.ts'

/** Startup tasks one after the other, then the host process, then OnStart, then Run (S-11 to S-17). */
export const startRole: Question = (state) => {
  const { stage, plan, children } = state
  if (stage.kind === 'tasks') {
    const planned = plan.tasks[stage.next]
    const key = `task ${stage.next}`
    if (!planned || children[key]) return { actions: [] }
    const reason = `Startup task ${stage.next + 1} of ${plan.tasks.length} is next.`
    return { actions: [{ kind: 'startTask', key, reason, planned }] }
  }
  if (stage.kind === 'starting')
    return { actions: [{ kind: 'startHost', key: 'host', reason: 'All startup tasks have returned success.' }] }
  if ((stage.kind !== 'onStart' && stage.kind !== 'running') || stage.asked || plan.host.kind === 'program')
    return { actions: [] }
  const clients = ownClients(state).filter((id) => state.clients[id]?.host)
  return stage.kind === 'onStart'
    ? {
        actions: [
          { kind: 'tell', key: 'onStart', reason: 'The host process is there.', clients, message: { kind: 'onStart' } },
        ],
      }
    : { actions: [{ kind: 'tell', key: 'run', reason: 'OnStart returned true.', clients, message: { kind: 'run' } }] }
}
