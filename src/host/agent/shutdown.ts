import type { DeskParts } from './desk.ts'
import { insist } from './insist.ts'

/** Stops every guest gracefully. Resolves when none runs and the controller knows it, or does not answer. */
export async function powerOff(parts: Pick<DeskParts, 'state' | 'deliver' | 'until'>): Promise<void> {
  const { state, until } = parts
  await insist(parts, { kind: 'power', power: 'off' })
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
