import type { Instant } from '../../kernel/instant.ts'
import type { StatusLease } from '../../role/contract/current-state.ts'
import { withLease } from '../../role/contract/leases.ts'
import type { ClientMessage } from '../../role/contract/messages.ts'
import type { Ended } from '../startup-tasks/runner.ts'
import { stopped } from './advance.ts'
import { childEnded } from './child-ended.ts'
import { childrenAtStop } from './children.ts'
import type { BootstrapperGoal } from './protocol.ts'
import { type BootstrapperState, type Client, ownClients } from './state.ts'

export type BootstrapperMessage =
  | { readonly kind: 'goal'; readonly goal: BootstrapperGoal }
  | { readonly kind: 'connected'; readonly client: string; readonly protocol: Client['protocol'] }
  | { readonly kind: 'gone'; readonly client: string }
  | { readonly kind: 'said'; readonly client: string; readonly message: ClientMessage }
  | { readonly kind: 'lease'; readonly report: StatusLease }
  | { readonly kind: 'childEnded'; readonly child: string; readonly ended: Ended }

export function fold(state: BootstrapperState, message: BootstrapperMessage, now: Instant): BootstrapperState {
  if (message.kind === 'childEnded') return childEnded(state, message.child, message.ended, now)
  if (state.stage.kind === 'ending') return state
  switch (message.kind) {
    case 'goal':
      return receiveGoal(state, message.goal, now)
    case 'connected':
      return connected(state, message.client, message.protocol)
    case 'gone':
      return withoutClient(state, message.client)
    case 'said':
      return hear(state, message.client, message.message, now)
    case 'lease':
      return receiveLease(state, message.report)
  }
}

function receiveGoal(state: BootstrapperState, goal: BootstrapperGoal, now: Instant): BootstrapperState {
  if (state.stage.kind === 'stopping' || goal.incarnation < state.goal.incarnation) return state
  if (goal.state === 'Stopped') return beginStop({ ...state, goal }, goal, now)
  // The same environment under a higher incarnation is not sent to the role (role-runtime.md 4.2, rule 7).
  if (goal.roleEnvironmentPath === state.goal.roleEnvironmentPath)
    return state.change
      ? { ...state, goal, change: { ...state.change, goalIncarnation: goal.incarnation } }
      : { ...state, goal, acceptedIncarnation: goal.incarnation }
  const runtimeIncarnation = state.runtimeIncarnation + 1
  return {
    ...state,
    goal,
    runtimeIncarnation,
    change: {
      goalIncarnation: goal.incarnation,
      runtimeIncarnation,
      since: now,
      step: 'changing',
      told: false,
      waitingFor: ownClients(state),
      leaseHolders: Object.keys(state.leases),
      acquiredAgain: 0,
    },
  }
}

function beginStop(state: BootstrapperState, goal: BootstrapperGoal, now: Instant): BootstrapperState {
  const { stage, children } = state
  // A host process that has not connected does not receive the stop (H-30).
  const waitedFor =
    stage.kind === 'connecting' ? childrenAtStop(children, 'awaited') : childrenAtStop(children, 'told', 'awaited')
  if (waitedFor.length === 0) return stopped(state, now)
  const deadline = goal.deadline ?? now + state.timers.onStopLimit
  return {
    ...state,
    runtimeIncarnation: state.runtimeIncarnation + 1,
    change: undefined,
    check: undefined,
    stage: { kind: 'stopping', since: now, deadline, told: false },
  }
}

/** A client that connects while the role stops, such as W3SVC just after its start, receives the stop too. */
function connected(before: BootstrapperState, id: string, protocol: Client['protocol']): BootstrapperState {
  const state = withClient(before, id, { protocol, host: false, stopped: false })
  const { stage } = state
  if (stage.kind !== 'stopping' || !stage.told || protocol === 'published') return state
  return { ...state, stage: { ...stage, untold: [...(stage.untold ?? []), id] } }
}

function withClient(state: BootstrapperState, id: string, client: Client): BootstrapperState {
  return { ...state, clients: { ...state.clients, [id]: client } }
}

function withoutClient(state: BootstrapperState, id: string): BootstrapperState {
  const { [id]: gone, ...clients } = state.clients
  // A client that has disconnected while the role stops has stopped. It stays known, to distinguish this stop from one without
  // clients.
  if (gone && state.stage.kind === 'stopping') return withClient(state, id, { ...gone, stopped: true })
  return { ...answered(state, id), clients }
}

/** Nobody waits for this client any more. */
function answered(state: BootstrapperState, id: string): BootstrapperState {
  const without = (ids: readonly string[]) => ids.filter((other) => other !== id)
  const { change, check } = state
  return {
    ...state,
    ...(change && { change: { ...change, waitingFor: without(change.waitingFor) } }),
    ...(check && { check: { ...check, waitingFor: without(check.waitingFor) } }),
  }
}

function hear(state: BootstrapperState, id: string, message: ClientMessage, now: Instant): BootstrapperState {
  const { stage, change } = state
  switch (message.kind) {
    case 'hello': {
      const known = withClient(state, id, { protocol: 'own', host: message.host, stopped: false })
      return message.host && stage.kind === 'connecting'
        ? { ...known, stage: { kind: 'onStart', since: stage.since, asked: false } }
        : known
    }
    case 'onStartEnded':
      if (stage.kind !== 'onStart') return state
      if (!message.result) return { ...state, failure: 'OnStart returned false' }
      return { ...state, stage: { kind: 'running', since: now, asked: false } }
    case 'runBegan':
      return state
    case 'runReturned':
      return stage.kind === 'running' ? { ...state, recycle: { reason: 'Run returned.', returned: true } } : state
    case 'failed': {
      const { type, message: text, stack } = message.failure
      return { ...state, failure: `Unhandled Exception: ${type}: ${text} (in ${message.during}) ${stack}` }
    }
    case 'status':
      return hearStatus(state, id, message)
    case 'changingEnded':
      if (change?.runtimeIncarnation !== message.incarnation) return state
      return message.cancel
        ? { ...state, recycle: { reason: 'The role cancelled Changing.', returned: false } }
        : answered(state, id)
    case 'changedEnded':
      return change?.runtimeIncarnation === message.incarnation ? answered(state, id) : state
    case 'requestRecycle':
      return { ...state, recycle: { reason: 'The role asked to be recycled.', returned: false } }
    case 'stopped': {
      const client = state.clients[id]
      return client ? withClient(state, id, { ...client, stopped: true }) : state
    }
  }
}

function hearStatus(
  state: BootstrapperState,
  id: string,
  { id: check, busy }: { readonly id: number; readonly busy: boolean },
): BootstrapperState {
  if (state.check?.id !== check) return state
  const waitingFor = state.check.waitingFor.filter((other) => other !== id)
  const heardBusy = state.check.heardBusy || busy
  return {
    ...state,
    check: {
      ...state.check,
      waitingFor,
      heardBusy,
      busy: waitingFor.length === 0 ? heardBusy : state.check.busy || busy,
      hung: state.check.hung && waitingFor.length > 0,
    },
  }
}

function receiveLease(state: BootstrapperState, report: StatusLease): BootstrapperState {
  const leases = withLease(state.leases, report)
  const saidReady = state.saidReady || (report.kind === 'acquire' && report.status === 'Started')
  const accepts = (incarnation: number) =>
    report.kind === 'release' || report.status === 'Recycle' || report.incarnation >= incarnation
  const { change } = state
  if (!change || !accepts(change.runtimeIncarnation)) return { ...state, leases, saidReady }
  const leaseHolders = change.leaseHolders.filter((holder) => holder !== report.clientId)
  const acquiredAgain = change.acquiredAgain + change.leaseHolders.length - leaseHolders.length
  return { ...state, leases, saidReady, change: { ...change, leaseHolders, acquiredAgain } }
}
