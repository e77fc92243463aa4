import type { DeskParts } from './desk.ts'
import type { HostMessage } from './message.ts'

/** Delivers a message that nobody would send again; retries while nothing can be stored (F-28), for `limitMs`. False: it has changed nothing. */
export async function insist(
  { state, deliver, until }: Pick<DeskParts, 'state' | 'deliver' | 'until'>,
  message: HostMessage,
  limitMs = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const { heartbeatInterval } = state().configuration.timers
  for (let waitedMs = 0; (await deliver(message))?.code === 'ServerBusy'; waitedMs += heartbeatInterval) {
    if (waitedMs >= limitMs) return false
    await until(() => false, heartbeatInterval)
  }
  return true
}
