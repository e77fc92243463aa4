import type { Instant } from '../../../kernel/instant.ts'
import { drop, keep, put } from '../state/keep.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'

/** Most events that are stored; the oldest go first. */
const eventsKept = 20_000

/** Adds an event to the history (T-2): what happened to whom, and why. */
export function note(
  state: FabricState,
  at: Instant,
  event: {
    readonly subject: string
    readonly kind: string
    readonly reason: string
    readonly service?: string | undefined
    readonly deployment?: string | undefined
  },
): FabricState {
  const number = state.derived.lastEvent + 1
  const expired = eventKey(number - eventsKept)
  return keep(
    state,
    put('event', eventKey(number), { number, at, ...event }),
    ...(state.stored.event.has(expired) ? [drop('event', expired)] : []),
  )
}

export function noteDeployment(
  state: FabricState,
  at: Instant,
  deployment: DeploymentRecord,
  kind: string,
  reason: string,
): FabricState {
  return note(state, at, { subject: deployment.name, kind, reason, service: deployment.service })
}

export function noteInstance(
  state: FabricState,
  at: Instant,
  instance: InstanceRecord,
  kind: string,
  reason: string,
): FabricState {
  const service = state.stored.deployment.get(instance.deployment)?.service
  return note(state, at, { subject: instance.name, kind, reason, service, deployment: instance.deployment })
}

/** Enough digits that keys sort as numbers do. */
function eventKey(number: number): string {
  return String(number).padStart(12, '0')
}
