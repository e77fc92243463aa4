import type { Question } from '../question.ts'

/** Ten minutes without a heartbeat restart the guest (F-10, H-5). Asked only of guests that are to run. */
export const silence: Question = (state, { record, silentFrom }, now) => {
  if (!record.process) return undefined
  const at = silentFrom + state.configuration.timers.heartbeatRestartAfter
  if (now < at) return { actions: [], wakeAt: at }
  const seconds = Math.round((now - silentFrom) / 1000)
  return {
    actions: [
      {
        kind: 'stopGuest',
        key: record.containerId,
        record,
        graceMs: 0,
        reason: `no heartbeat for ${seconds} s, so the guest is restarted`,
      },
    ],
  }
}
