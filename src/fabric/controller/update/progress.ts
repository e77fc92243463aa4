import type { Fault } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { alikeOf } from '../blame/failing.ts'
import { brakeWords, isBraked } from '../brake/brake.ts'
import { stepWords } from '../servicing/words.ts'
import { instancesOf } from '../state/find.ts'
import { measuredFrom } from '../state/measured.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import type { FabricState } from '../state/state.ts'
import { isMember, versionNumbered } from './change.ts'
import { alikeFault, recyclingFault, timeoutFault } from './failure.ts'
import { type Hindrance, isWanted, movedBy, recycling, relapsed, unsettled } from './gate.ts'
import { unprepared } from './prepare.ts'
import { isInStep, isLeft } from './wanted-version.ts'
import { domainWords, emptyWords, listed, movedAtRestWords, walkedWords } from './words.ts'

/**
 * What an update needs next. `begin`: its domain is stopped now. `pass`: its domain is walked, or has no instance concerned. `remove`: all others
 * know that these instances go, so they go (U-54). `end`: no instance is left at another version (U-18).
 */
export type Progress =
  | { readonly kind: 'wait'; readonly text: string; readonly until?: Instant | undefined }
  | { readonly kind: 'begin' | 'pass' | 'end'; readonly text: string }
  | { readonly kind: 'remove'; readonly instances: readonly string[]; readonly text: string }
  | { readonly kind: 'fail'; readonly fault: Fault; readonly text: string }

export function progressOf(
  state: FabricState,
  deployment: DeploymentRecord,
  update: UpdateRecord,
  now: Instant,
): Progress {
  if (deployment.servicing && update.state === 'Before')
    return { kind: 'wait', text: `${domainWords(update)}: waits for the end of ${stepWords(deployment.servicing)}` }
  const instances = instancesOf(state, deployment.id)
  const left = instances.filter((one) => isLeft(deployment, update, one))
  if (update.state === 'During') return during(state, deployment, update, left, now)
  return left.length === 0 ? after(deployment, update, instances) : before(state, deployment, update, left, now)
}

function before(
  state: FabricState,
  deployment: DeploymentRecord,
  update: UpdateRecord,
  left: readonly InstanceRecord[],
  now: Instant,
): Progress {
  if (update.domain > update.released)
    return { kind: 'wait', text: `${domainWords(update)}: waits for Walk Upgrade Domain ${update.domain}` }
  if (update.domain >= update.domains) return { kind: 'wait', text: `waits until ${mayGoOn(update, left)}` }
  const step = left.filter(({ upgradeDomain }) => isInStep(update, upgradeDomain))
  if (step.length === 0) return { kind: 'pass', text: emptyWords(update) }
  if (isBraked(state)) return { kind: 'wait', text: `${domainWords(update)}: waits: ${brakeWords(state)}` }
  const hindrance =
    firstInTheWay(state, deployment, update, left, now) ??
    (update.onFailure === 'continue' ? undefined : relapsed(state, movedBy(state, deployment, update))) ??
    unprepared(state, deployment, update, step)
  return patience(state, { deployment, update }, hindrance, now, {
    kind: 'begin',
    text: `${domainWords(update)}: begins`,
  })
}

function during(
  state: FabricState,
  deployment: DeploymentRecord,
  update: UpdateRecord,
  left: readonly InstanceRecord[],
  now: Instant,
): Progress {
  const untold = left.filter(({ upgradeDomain }) => isInStep(update, upgradeDomain))
  if (untold.length > 0)
    return patience(
      state,
      { deployment, update },
      { text: `waits until ${mayGoOn(update, untold)}` },
      now,
      passed(state, deployment, update),
    )
  const moved = movedBy(state, deployment, update)
  const bad = update.held || update.onFailure === 'continue' ? undefined : recycling(state, moved)
  const alike = update.held || update.onFailure === 'continue' ? undefined : alikeOf(state, moved.filter(isWanted))
  if (alike) return failure(alikeFault(update, alike))
  if (bad) return failure(recyclingFault(state, update, bad))
  const here = moved.filter(({ upgradeDomain }) => isInStep(update, upgradeDomain))
  return patience(state, { deployment, update }, unsettled(state, here, now), now, passed(state, deployment, update))
}

/** A rollback stops nobody else before the domain that goes first is walked (U-10, U-43). */
function firstInTheWay(
  state: FabricState,
  deployment: DeploymentRecord,
  update: UpdateRecord,
  left: readonly InstanceRecord[],
  now: Instant,
): Hindrance | undefined {
  const isFirst = ({ upgradeDomain }: InstanceRecord) => upgradeDomain === update.first
  const untold = left.filter(isFirst)
  if (untold.length > 0) return { text: `waits until ${mayGoOn(update, untold)}` }
  return unsettled(state, movedBy(state, deployment, update).filter(isFirst), now)
}

/** The end, once the instances missing in the target are gone (U-54, D-23). */
function after(deployment: DeploymentRecord, update: UpdateRecord, instances: readonly InstanceRecord[]): Progress {
  const target = versionNumbered(deployment, update.target)
  const leaving = instances.filter((one) => !isMember(target, one))
  const names = listed(leaving.map(({ name }) => name))
  const due = leaving.filter(({ going }) => !going).map(({ key }) => key)
  if (due.length > 0) return { kind: 'remove', instances: due, text: `${names} removed: no version to come has them` }
  if (leaving.length > 0)
    return { kind: 'wait', text: `waits until ${names} ${leaving.length === 1 ? 'is' : 'are'} gone` }
  return { kind: 'end', text: `the ${update.kind} is complete: no role instance is left at another version` }
}

function mayGoOn({ kind }: UpdateRecord, instances: readonly InstanceRecord[]): string {
  return `${listed(instances.map(({ name }) => name))} may ${kind === 'configuration' ? 'be told' : 'stop'}`
}

/** Goes on when nothing is in the way; waits at most roleReadyTimeout, but once it is stuck, without limit (U-29, U-35). */
function patience(
  state: FabricState,
  { deployment, update }: { readonly deployment: DeploymentRecord; readonly update: UpdateRecord },
  hindrance: Hindrance | undefined,
  now: Instant,
  next: Progress,
): Progress {
  if (!hindrance) return next
  const text = `${domainWords(update)}: ${hindrance.text}`
  if (update.held) return { kind: 'wait', text, until: hindrance.until }
  const since = measuredFrom(state, `deployment/${deployment.id}/update.since`, update.since)
  const limit = since + state.facts.timers.roleReadyTimeout
  if (now < limit) return { kind: 'wait', text, until: Math.min(hindrance.until ?? limit, limit) }
  if (update.onFailure === 'continue') return { ...next, text: `${text}; goes on after roleReadyTimeout, as was asked` }
  return failure(timeoutFault(state, update, hindrance.text))
}

function passed(state: FabricState, deployment: DeploymentRecord, update: UpdateRecord): Progress {
  const moved = movedBy(state, deployment, update)
  const atRest = moved.length > 0 && !moved.some(isWanted)
  return { kind: 'pass', text: atRest ? movedAtRestWords(update) : walkedWords(update, state.facts.timers) }
}

function failure(fault: Fault): Progress {
  return { kind: 'fail', fault, text: fault.message }
}
