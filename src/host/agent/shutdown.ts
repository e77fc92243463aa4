import type { DeskParts } from './desk.ts'

/** Stops every guest gracefully and resolves when none runs and the controller knows it, or does not listen. */
export async function powerOff({
  state,
  deliver,
  until,
}: Pick<DeskParts, 'state' | 'deliver' | 'until'>): Promise<void> {
  await deliver({ kind: 'power', power: 'off' })
  const { onStopLimit, heartbeatInterval } = state().configuration.timers
  // A guest has the limit of OnStop, and each step of its end some heartbeats more.
  await until(
    () => [...state().containers.values()].every(({ record }) => !record.process),
    onStopLimit + 10 * heartbeatInterval,
  )
  await until(
    () => [...state().reporting.acknowledged.values()].every(({ powerState }) => powerState === 'Stopped'),
    heartbeatInterval,
  )
}
