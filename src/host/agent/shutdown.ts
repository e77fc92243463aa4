import type { Loop } from '../../kernel/loop.ts'
import type { DeskParts } from './desk.ts'
import { insist } from './insist.ts'

/** Stops every guest gracefully. Resolves when none runs or is being started, and the controller knows it, or does not answer. */
export async function powerOff(
  parts: Pick<DeskParts, 'state' | 'deliver' | 'until'> & Pick<Loop<never, never, never>, 'isInFlight'>,
): Promise<void> {
  const { state, until, isInFlight } = parts
  await insist(parts, { kind: 'power', power: 'off' })
  const { onStopLimit, heartbeatInterval } = state().configuration.timers
  // A guest has the limit of OnStop, and each step of its end some heartbeats more.
  await until(
    () => [...state().containers.values()].every(({ record }) => !record.process && !isInFlight(record.containerId)),
    onStopLimit + 10 * heartbeatInterval,
  )
  await until(
    () => [...state().reporting.acknowledged.values()].every(({ powerState }) => powerState === 'Stopped'),
    heartbeatInterval,
  )
}
