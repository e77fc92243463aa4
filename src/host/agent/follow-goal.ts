import type { HostGoal } from '../contract/goal.ts'
import type { DeskParts } from './desk.ts'

/** Follows the controller's goal: one long poll after the other, with a pause after one without answer. Never ends. */
export async function followGoal(
  goal: (after: number, waitMs: number) => Promise<HostGoal | undefined>,
  { state, deliver, until, log }: DeskParts,
): Promise<never> {
  const { heartbeatInterval, hostLostAfter } = state().configuration.timers
  for (;;) {
    if (!(await until(() => state().reporting.registered, heartbeatInterval))) continue
    try {
      const newer = await goal(state().goal.version, hostLostAfter / 2)
      const fault = newer && (await deliver({ kind: 'goal', goal: newer }))
      // It would get the same answer at once.
      if (fault) throw new Error(`the goal cannot be taken in: ${fault.message}`)
    } catch (error) {
      log.warn(`no goal from the controller: ${(error as Error).message}`)
      await until(() => false, heartbeatInterval)
    }
  }
}
