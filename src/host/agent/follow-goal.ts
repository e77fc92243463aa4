import type { HostGoal } from '../contract/goal.ts'
import type { DeskParts } from './desk.ts'

/**
 * Follows the controller's goal: one long poll after the other, with a pause after one without answer. A new registration ends a poll, since what was
 * asked before it may be answered by a former master. Never ends.
 */
export async function followGoal(
  goal: (after: number, waitMs: number) => Promise<HostGoal | undefined>,
  { state, deliver, until, log }: DeskParts,
): Promise<never> {
  const { heartbeatInterval, hostLostAfter } = state().configuration.timers
  for (;;) {
    if (!(await until(() => state().reporting.registered, heartbeatInterval))) continue
    const { registrations: registration } = state().reporting
    let isOver = false
    const isOverOrOld = () => isOver || state().reporting.registrations !== registration
    const unsure = state().contact !== undefined
    const waitMs = unsure ? 0 : hostLostAfter / 2
    try {
      const newer = await Promise.race([
        goal(state().goal.version, waitMs),
        until(isOverOrOld, 2 * hostLostAfter).then(() => 'old' as const),
      ])
      if (newer === 'old') continue
      const fault = newer
        ? await deliver({ kind: 'goal', goal: newer, registration })
        : unsure && (await deliver({ kind: 'goalStands', registration }))
      // It would get the same answer at once.
      if (fault) throw new Error(`the goal cannot be taken in: ${fault.message}`)
    } catch (error) {
      log.warn(`no goal from the controller: ${(error as Error).message}`)
      await until(() => false, heartbeatInterval)
    } finally {
      isOver = true
    }
  }
}
