import type { Question } from '../action.ts'
import { ownClients } from '../state.ts'

/** StatusCheck at a regular interval in every process that can answer one (F-18, H-32). The next waits for the answers to the last. */
export const checkStatus: Question = (state, now) => {
  const { stage, check, timers } = state
  const clients = ownClients(state)
  if (stage.kind !== 'running' || clients.length === 0 || (check && check.waitingFor.length > 0)) return { actions: [] }
  const due = (check?.at ?? stage.since) + timers.statusCheckInterval
  if (now < due) return { actions: [], wakeAt: due }
  const id = (check?.id ?? 0) + 1
  return {
    actions: [
      {
        kind: 'tell',
        key: `statusCheck ${id}`,
        reason: 'StatusCheck is due.',
        message: { kind: 'statusCheck', id },
        clients,
      },
    ],
  }
}
