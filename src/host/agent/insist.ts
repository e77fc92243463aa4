import type { DeskParts } from './desk.ts'
import type { HostMessage } from './message.ts'

/** Delivers a message that nobody would send again; retries while nothing can be stored (F-28). */
export async function insist(
  { state, deliver, until }: Pick<DeskParts, 'state' | 'deliver' | 'until'>,
  message: HostMessage,
): Promise<void> {
  while ((await deliver(message))?.code === 'ServerBusy')
    await until(() => false, state().configuration.timers.heartbeatInterval)
}
