import type { Loop } from '../../kernel/loop.ts'
import type { DeskParts } from './desk.ts'
import { insist } from './insist.ts'
import type { ContainerRecord } from './state.ts'

export interface ShutdownParts
  extends Pick<DeskParts, 'state' | 'deliver' | 'until' | 'log'>,
    Pick<Loop<never, never, never>, 'isInFlight' | 'stop'> {
  /** Ends all processes of these guests at once, and says why. Nothing of it is stored. */
  endGuests(records: readonly ContainerRecord[], reason: string): Promise<unknown>
}

/** A guest has the limit of OnStop; the agent so many heartbeats for all else. Origin: choice. */
const heartbeatsAllowed = 10

/**
 * Stops every guest gracefully, and then the agent. Resolves when none runs or is being started, no roads are being laid, and the controller knows it, or
 * does not answer. Guests that do not stop in time, or cannot be told to because nothing can be stored (F-28), are ended.
 */
export async function powerOff(parts: ShutdownParts): Promise<void> {
  const { state, until, isInFlight, stop, log } = parts
  const { onStopLimit, heartbeatInterval } = state().configuration.timers
  const allowedMs = heartbeatsAllowed * heartbeatInterval
  const guests = () => [...state().containers.values()].map(({ record }) => record)
  const isAtRest = () =>
    guests().every(({ process, containerId }) => !process && !isInFlight(containerId)) && !isInFlight('roads')
  const isTold = await insist(parts, { kind: 'power', power: 'off' }, allowedMs)
  const isOver = isTold && (await until(isAtRest, onStopLimit + allowedMs))
  if (isOver)
    await until(
      () => [...state().reporting.acknowledged.values()].every(({ powerState }) => powerState === 'Stopped'),
      heartbeatInterval,
    )
  stop()
  if (isOver) return
  const reason = `the host ends, and its guests did not stop in order: ${state().unstored ?? 'their time is over'}`
  log.warn(reason)
  await parts.endGuests(
    guests().filter(({ process }) => process),
    reason,
  )
}
