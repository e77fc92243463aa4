import { isCut } from '../contact.ts'
import type { Intent } from '../intent.ts'
import { intentOf, stopDeadline, stopIsDue } from '../intent.ts'
import type { Question } from '../question.ts'
import { stopGuest } from './stop-guest.ts'

const reasons: Readonly<Record<Exclude<Intent, 'run'>, string>> = {
  restart: 'the goal asks for a restart of the guest',
  stop: 'the goal is Stopped',
  go: 'the instance is being deleted',
}

/**
 * The goal state tells a guest to stop; its processes are ended when its role has stopped (H-27, H-28). One that may run although nobody has noted it is
 * ended at once where it is to stand still: whatever else is done to a container ends it first. One that is to run is left alone until it may be started.
 */
export const stop: Question = (state, container, now) => {
  const { record, ended, unsure, goal } = container
  const isToRest = state.power !== 'on' || goal?.machine === 'Stopped' || state.contact?.isolated !== undefined
  const intent = intentOf(state, container)
  if (!record.process && unsure && isToRest && intent === 'stop')
    return stopGuest(record, 'a former run of the agent may have started the guest and not noted it')
  if (!record.process) return undefined
  if (intent === 'run' && !ended) return undefined
  if (!stopIsDue(state, container, now)) return { actions: [], wakeAt: stopDeadline(state, container) }
  return stopGuest(
    record,
    intent === 'run' ? 'the first process of the guest has ended' : reasons[intent],
    ended || isCut(state, container) ? 0 : state.configuration.timers.heartbeatInterval,
  )
}
