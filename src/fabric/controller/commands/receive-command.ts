import type { Instant } from '../../../kernel/instant.ts'
import type { Command } from '../../contract/commands.ts'
import { allHosts } from '../brake/pull-brake.ts'
import { consider } from '../commands.ts'
import { note } from '../history/events.ts'
import { begun, succeeded } from '../history/operations.ts'
import type { MessageOf } from '../message.ts'
import { keepPlaces } from '../places/keep-places.ts'
import { spelledAs } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { keep, put } from '../state/keep.ts'
import { spelledAsStored } from '../state/spelling.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { underWay } from '../update/under-way.ts'

/** Refusals that are remembered until the caller has read them: more than one drained inbox can hold. */
const refusalsKept = 10_000

/** A command, committed together with its operation record. The same request ID again changes nothing (O-4, E-2). */
export function receiveCommand(
  state: FabricState,
  { envelope, freshId }: MessageOf<'command'>,
  now: Instant,
): ControllerStep {
  const { requestId, subscriptionId, command, operationName } = envelope
  if (state.stored.operation.has(requestId)) return { state, touched: [] }
  const considered = consider(state, command, { requestId, subscriptionId, freshId, now })
  if (!considered.ok) {
    const known =
      state.observed.refusals.size < refusalsKept ? state.observed.refusals : state.observed.refusals.clear()
    return { state: observe(state, { refusals: known.set(requestId, considered.fault) }), touched: [] }
  }
  const { changes, instances = [], touched, ended, begun: update, makesRoom, renews } = considered.value
  const record = begun(envelope, spelledAsStored(state, envelope), now)
  // Hosts that are away, and have counted on one that leaves, find out from now on (H-38).
  const roomy = makesRoom ? observe(state, { room: state.observed.room + 1, returnedAt: now }) : state
  const placed = update ? keepPlaces(roomy, update.places) : roomy
  const prepared = instances.reduce((before, one) => keep(before, put('instance', one.key, one)), placed)
  const stored = keep(prepared, ...changes, put('operation', requestId, ended ? succeeded(record, now) : record))
  const told = renews === undefined ? stored : renewGoals(stored, [renews])
  const kept = update ? underWay(state, told, update, now) : told
  const service = serviceOf(state, command)
  const aboutHosts = command.kind === 'releaseBrake' ? allHosts : undefined
  const subject = 'host' in command ? spelledAs([...state.stored.host.values()], command.host) : (aboutHosts ?? service)
  const noted =
    subject === undefined
      ? kept
      : note(kept, now, {
          subject,
          kind: operationName,
          reason: `accepted as request ${requestId}`,
          service: service?.toLowerCase(),
        })
  return { state: noted, touched }
}

/** The service that a command is about, in its own spelling. */
function serviceOf({ stored }: FabricState, command: Command): string | undefined {
  const given =
    'service' in command ? command.service : 'deployment' in command ? command.deployment.service : undefined
  return given === undefined ? undefined : (stored.service.get(given.toLowerCase())?.name ?? given)
}
