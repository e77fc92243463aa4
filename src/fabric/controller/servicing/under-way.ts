import type { Instant } from '../../../kernel/instant.ts'
import { isTold, targetOf } from '../deployment/target.ts'
import { isUnheard } from '../seen/status.ts'
import { measuredFrom } from '../state/measured.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { ServicingRecord } from '../state/records/servicing.ts'
import type { FabricState } from '../state/state.ts'
import { inStatus, unsettled } from '../update/gate.ts'
import { listed } from '../update/words.ts'
import { isHalted } from './covers.ts'
import { haveRoom } from './have-room.ts'
import type { ServicingProgress } from './servicing-progress.ts'
import { isStopped } from './stopped.ts'
import { stepWords } from './words.ts'

/** A step that has begun: its instances stop, stay stopped or move, and come back. */
export function underWay(
  state: FabricState,
  deployment: DeploymentRecord,
  servicing: ServicingRecord,
  now: Instant,
): ServicingProgress {
  const concerned = servicing.instances.flatMap((key) => state.stored.instance.get(key) ?? [])
  const instances = concerned.filter(({ going }) => !going)
  return 'host' in servicing.cause && servicing.stage !== 'Back'
    ? halting(state, deployment, { ...servicing, cause: servicing.cause }, instances, now)
    : returning(state, deployment, servicing, instances, now)
}

function halting(
  state: FabricState,
  deployment: DeploymentRecord,
  servicing: ServicingRecord & { readonly cause: { readonly host: string } },
  instances: readonly InstanceRecord[],
  now: Instant,
): ServicingProgress {
  const { host } = servicing.cause
  const words = stepWords(servicing)
  const here = instances.filter((one) => isHalted(deployment, one))
  if (state.derived.serviced !== host) return { kind: 'release', text: `${words}: the host has been given back` }
  if (here.length === 0) return { kind: 'release', text: `${words}: nothing of it is on the host any more` }
  const running = here.filter((one) => !isStopped(state, one))
  if (running.length > 0)
    return { kind: 'wait', text: `${words}: waits for the stop of ${listed(running.map(({ name }) => name))}` }
  if (servicing.stage === 'Down') return { kind: 'wait', text: `${words}: waits until ${host} is given back` }
  const names = listed(here.map(({ name }) => name))
  return haveRoom(state, here, now)
    ? { kind: 'move', text: `${words}: ${names} stopped, to start on another host` }
    : { kind: 'release', text: `${words}: no other host has room for ${names} any more` }
}

function returning(
  state: FabricState,
  deployment: DeploymentRecord,
  servicing: ServicingRecord,
  instances: readonly InstanceRecord[],
  now: Instant,
): ServicingProgress {
  const words = stepWords(servicing)
  const untold = instances.filter((one) => !isTold(one, targetOf(deployment, one)))
  if (untold.length > 0)
    return { kind: 'wait', text: `${words}: waits until ${listed(untold.map(({ name }) => name))} may stop or start` }
  const late = instances.filter((one) => isLate(state, servicing, one, now))
  const patient = instances.filter((one) => !late.includes(one))
  const hindrance = unsettled(state, patient, now)
  if (hindrance) {
    const limits = patient.filter((one) => isTimed(state, one)).map((one) => readyBy(state, servicing, one))
    const until = Math.min(hindrance.until ?? Number.POSITIVE_INFINITY, ...limits)
    return { kind: 'wait', text: `${words}: ${hindrance.text}`, until }
  }
  if (late.length > 0)
    return { kind: 'end', text: `${words}: goes on, although ${inStatus(state, late)} after roleReadyTimeout` }
  return { kind: 'end', text: `${words}: all of its role instances are back` }
}

/** Not Ready although its time is over (H-23). */
function isLate(state: FabricState, servicing: ServicingRecord, instance: InstanceRecord, now: Instant): boolean {
  if (!isTimed(state, instance) || state.observed.readySince.has(instance.key)) return false
  return readyBy(state, servicing, instance) <= now
}

/** An instance that a new master has not heard of yet is not late: its host will report, or be lost. */
function isTimed(state: FabricState, instance: InstanceRecord): boolean {
  return instance.told.run === 'Started' && !isUnheard(state, instance)
}

/** roleReadyTimeout from the beginning of its startup tasks (H-23); a guest, perhaps healed, that does not reach them has the same time for that. */
function readyBy(state: FabricState, { since }: ServicingRecord, instance: InstanceRecord): Instant {
  const { key, deployment, runSince, tasksSince } = instance
  const of = (name: string, stored: Instant | undefined) =>
    stored === undefined ? undefined : measuredFrom(state, name, stored)
  const begun = measuredFrom(state, `deployment/${deployment}/servicing.since`, since)
  const from =
    of(`instance/${key}/tasksSince`, tasksSince) ?? Math.max(begun, of(`instance/${key}/runSince`, runSince) ?? begun)
  return from + state.facts.timers.roleReadyTimeout
}
