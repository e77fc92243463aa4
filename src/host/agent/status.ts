import type { Instant } from '../../kernel/instant.ts'
import { own } from '../../kernel/own.ts'
import { defectWords, thrownAbout } from '../../kernel/thrown.ts'
import type { InstanceStatus, PowerState } from '../../service-model/instance-status.ts'
import type { InstanceReport } from '../contract/report.ts'
import { intentOf, stopIsDue } from './intent.ts'
import { containerSubject } from './message.ts'
import { packagesOf } from './packages-of.ts'
import type { Container, HostState } from './state.ts'

/** What the guest agent may report of its role (wire-server.md 9). */
const guestWords: readonly InstanceStatus[] = [
  'CreatingRole',
  'StartingRole',
  'BusyRole',
  'StoppingRole',
  'RestartingRole',
  'CyclingRole',
  'FailedStartingRole',
]

/** A foreign agent's words (wire-server.md 9). */
const foreignWords: Readonly<Record<string, InstanceStatus>> = {
  Provisioning: 'CreatingRole',
  ProvisioningFailed: 'FailedStartingRole',
}

/** Short identifier of the cause, in the states that have one (T-8). */
const errorCodes: Partial<Record<InstanceStatus, string>> = {
  CyclingRole: 'RoleCycling',
  FailedStartingRole: 'RoleStartFailed',
  UnresponsiveRole: 'NoHeartbeat',
}

interface Situation {
  readonly status: InstanceStatus
  /** True: the guest reported it, so it is about the revision that the guest has reached. */
  readonly bySelf?: boolean
  readonly details?: string
  readonly errorCode?: string
  /** When a status came by time alone. */
  readonly since?: Instant
}

/** The instance's status (table 2.1) as this host knows it at `now`. */
export function statusOf(state: HostState, container: Container, now: Instant): InstanceStatus {
  return situation(state, container, now).status
}

export function reportOf(state: HostState, container: Container, now: Instant): InstanceReport {
  const { status, bySelf, details, errorCode = errorCodes[status], since } = situation(state, container, now)
  const { record, goal, health } = container
  return {
    key: record.key,
    revision: bySelf && health ? health.revision : (goal?.revision ?? record.revision),
    status,
    details: [details, defectOf(state, container), unstoredOf(state)].filter(Boolean).join(' '),
    ...(errorCode === undefined ? {} : { errorCode }),
    powerState: powerOf(status),
    ...(record.uid === undefined ? {} : { account: record.uid }),
    since: since ?? container.since,
    failures: health?.failures ?? 0,
    ...preparation(state, container),
    ...(state.goal.keepsOthersBut && { address: goal?.guest.topology[0]?.address }),
  }
}

/** The instance's details say that its container is set aside (F-27). */
function defectOf({ thrown }: HostState, { record }: Container): string | undefined {
  const threw = thrownAbout(thrown, containerSubject(record.containerId))
  return threw && `${defectWords('host agent', threw)}.`
}

/** They also say that nothing happens to it because its host cannot store anything (F-28). */
function unstoredOf({ unstored }: HostState): string | undefined {
  return unstored && `Its host can store nothing, and waits with what is to be done: ${unstored}`
}

/** The state of the next role root. A package that cannot be fetched delays it, also the package of a new root that is wanted at once. */
function preparation(
  { packages }: HostState,
  { goal, record, health }: Container,
): Pick<InstanceReport, 'prepared' | 'prepareFault'> {
  if (!goal || !record.process) return {}
  const missing = packagesOf(goal).find((sha256) => packages.get(sha256)?.directory === undefined)
  const fault = missing === undefined ? health?.prepareFault : packages.get(missing)?.trouble?.fault.message
  if (fault !== undefined) return { prepareFault: fault }
  const prepared = goal.prepare?.packageSha256
  return prepared !== undefined && health?.prepared === prepared ? { prepared } : {}
}

function situation(state: HostState, container: Container, now: Instant): Situation {
  if (!container.record.process) return withoutProcess(state, container)
  const intent = intentOf(state, container)
  if (intent === 'run') return container.ended ? { status: 'StartingVM' } : running(state, container, now)
  if (!stopIsDue(state, container, now)) return { status: 'StoppingRole', details: container.health?.description ?? '' }
  return { status: intent === 'go' ? 'DeletingVM' : 'StoppingVM' }
}

function withoutProcess(state: HostState, container: Container): Situation {
  const { goal, record, trouble } = container
  const intent = intentOf(state, container)
  if (intent === 'go') return { status: 'DeletingVM', details: trouble?.fault.message ?? '' }
  const held = goal && state.packages.get(goal.packageSha256)
  if (held?.directory === undefined && !record.served)
    return { status: 'Preparing', details: held?.trouble?.fault.message ?? '' }
  if (intent === 'stop') return { status: 'StoppedVM', details: state.contact?.isolated ?? unledText(state, goal) }
  if (trouble) return { status: 'FailedStartingVM', details: trouble.fault.message, errorCode: trouble.fault.code }
  return { status: record.run === undefined ? 'CreatingVM' : 'StartingVM' }
}

/** It would run, but for a goal that may be out of date. */
function unledText({ contact, power }: HostState, goal: Container['goal']): string {
  const waits = contact?.startsNothing && power === 'on' && goal?.machine === 'Started'
  return waits ? 'Waits until a fabric controller has said anew what is to run on this host.' : ''
}

function running(state: HostState, container: Container, now: Instant): Situation {
  const { unresponsiveAfter, heartbeatRestartAfter } = state.configuration.timers
  const { silentFrom, health, heard, adopted } = container
  if (now >= silentFrom + heartbeatRestartAfter)
    return { status: 'StoppingVM', since: silentFrom + heartbeatRestartAfter }
  if (now >= silentFrom + unresponsiveAfter)
    return {
      status: 'UnresponsiveRole',
      details: `No heartbeat from the guest since ${new Date(silentFrom).toISOString()}.`,
      since: silentFrom + unresponsiveAfter,
    }
  if (adopted) return { status: 'RoleStateUnknown', details: 'Not heard since the Host Agent started anew.' }
  if (!health) return { status: heard ? 'CreatingRole' : 'StartingVM' }
  return { ...said(container, health), bySelf: true }
}

function said({ record }: Container, health: NonNullable<Container['health']>): Situation {
  const { state, subStatus = '', description = '' } = health
  if (state === 'Stopped') return { status: 'StoppedVM' }
  if (state === 'Ready')
    return record.served?.role === 'Stopped'
      ? { status: 'StoppingRole' }
      : { status: 'ReadyRole', details: description }
  const status = guestWords.find((word) => word === subStatus) ?? own(foreignWords, subStatus) ?? 'BusyRole'
  return { status, details: description }
}

/** The guest's power, not the role's (T-5). */
function powerOf(status: InstanceStatus): PowerState {
  switch (status) {
    case 'Preparing':
    case 'CreatingVM':
    case 'StartingVM':
      return 'Starting'
    case 'StoppingVM':
    case 'DeletingVM':
      return 'Stopping'
    case 'StoppedVM':
    case 'FailedStartingVM':
      return 'Stopped'
    case 'RoleStateUnknown':
      return 'Unknown'
    case 'BusyRole':
    case 'CreatingRole':
    case 'CyclingRole':
    case 'FailedStartingRole':
    case 'ReadyRole':
    case 'RestartingRole':
    case 'StartingRole':
    case 'StoppingRole':
    case 'UnresponsiveRole':
      return 'Started'
  }
}
