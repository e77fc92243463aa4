import type { Instant } from '../../kernel/instant.ts'
import { becauseOf, type Ended } from '../startup-tasks/runner.ts'
import type { BootstrapperAction } from './action.ts'
import { failed } from './advance.ts'
import type { BootstrapperState } from './state.ts'

export type BootstrapperOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'taskEnded'; readonly ended: Ended; readonly unset?: readonly string[] }
  | { readonly kind: 'hostStarted'; readonly pid: number; readonly unset?: readonly string[] }
  /** It could not be started at all. */
  | { readonly kind: 'refused'; readonly message: string }

export function applyOutcome(
  state: BootstrapperState,
  action: BootstrapperAction,
  outcome: BootstrapperOutcome,
  now: Instant,
): BootstrapperState {
  if (state.stage.kind === 'ending') return state
  if (outcome.kind === 'refused') return refuse(state, action, outcome.message, now)
  switch (action.kind) {
    case 'runTask':
      return taskEnded(state, action.planned.task.commandLine, outcome, now)
    case 'startHost':
      return outcome.kind === 'hostStarted' ? hostStarted({ ...state, unset: outcome.unset }, outcome.pid, now) : state
    case 'tell':
      return told(state, action, now)
    case 'terminate':
      return state.stage.kind === 'stopping' ? { ...state, stage: { ...state.stage, terminatedAt: now } } : state
    case 'end':
    case 'look':
      return state
  }
}

function refuse(
  state: BootstrapperState,
  action: BootstrapperAction,
  message: string,
  now: Instant,
): BootstrapperState {
  if (action.kind !== 'runTask') return failed(state, message, now)
  const { commandLine } = action.planned.task
  return failed(state, `Application startup task "${commandLine}" failed: ${message}`, now)
}

/** A task that did not return success ends the start: no later task runs, nor the role (S-24). */
function taskEnded(
  state: BootstrapperState,
  command: string,
  outcome: BootstrapperOutcome,
  now: Instant,
): BootstrapperState {
  if (state.stage.kind !== 'tasks') return state
  const ended = outcome.kind === 'taskEnded' ? outcome.ended : { code: 0, signal: null }
  const code = ended.code ?? -1
  if (code !== 0) {
    const how = ended.code === null ? `was ended by ${ended.signal}` : `failed with exit code ${code}`
    const activity = `Application startup task "${command}" ${how}${becauseOf(ended)}`
    const unset = outcome.kind === 'taskEnded' ? outcome.unset : undefined
    return failed({ ...state, unset }, activity, now, { taskError: { command, exitCode: code } })
  }
  const next = state.stage.next + 1
  const more = next < state.plan.tasks.length
  return {
    ...state,
    stage: more ? { kind: 'tasks', next, since: state.stage.since } : { kind: 'starting', since: now },
  }
}

function hostStarted(state: BootstrapperState, pid: number, now: Instant): BootstrapperState {
  const { host } = state.plan
  const stage =
    host.kind === 'module'
      ? { kind: 'connecting' as const, since: now }
      : { kind: 'running' as const, since: now, asked: true }
  return { ...state, hostPid: pid, saidReady: host.kind === 'module' || host.readyOnStart, stage }
}

function told(
  state: BootstrapperState,
  action: BootstrapperAction & { kind: 'tell' },
  now: Instant,
): BootstrapperState {
  const { stage, change } = state
  switch (action.message.kind) {
    case 'onStart':
      return stage.kind === 'onStart' ? { ...state, stage: { ...stage, asked: true } } : state
    case 'run':
      return stage.kind === 'running' ? { ...state, stage: { ...stage, asked: true } } : state
    case 'stop':
      return stage.kind === 'stopping' ? { ...state, stage: { ...stage, told: true } } : state
    case 'statusCheck': {
      const waitingFor = action.clients.filter((id) => state.clients[id])
      const busy = state.check?.busy ?? false
      return { ...state, check: { id: action.message.id, at: now, waitingFor, busy, heardBusy: false, hung: false } }
    }
    case 'changing':
    case 'changed': {
      const { incarnation, kind } = action.message
      return change?.runtimeIncarnation === incarnation && change.step === kind
        ? { ...state, change: { ...change, told: true } }
        : state
    }
    case 'environment':
      return state
  }
}
