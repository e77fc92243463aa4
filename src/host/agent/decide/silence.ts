import type { Question } from '../question.ts'
import { stopGuest } from './stop-guest.ts'

/** Ten minutes without a heartbeat restart the guest (F-10, H-5). Checked only for guests that are to run. */
export const silence: Question = (state, { record, silentFrom }, now) => {
  const { heartbeatRestartAfter } = state.configuration.timers
  if (!record.process || now < silentFrom + heartbeatRestartAfter) return undefined
  const seconds = Math.round((now - silentFrom) / 1000)
  return stopGuest(record, `no heartbeat for ${seconds} s, so the guest is restarted`)
}

/** Nothing else is due for a running guest until its silence would be too long. */
export const runs: Question = (state, { record, silentFrom }) =>
  record.process && { actions: [], wakeAt: silentFrom + state.configuration.timers.heartbeatRestartAfter }
