import type { Instant } from '../../kernel/instant.ts'
import type { HostProcess } from '../../service-model/role-plan.ts'
import type { BootstrapperAction } from './action.ts'
import { failed } from './advance.ts'
import { nextStep } from './child-ended.ts'
import { kindOf, meanings } from './children.ts'
import type { BootstrapperState, Stage } from './state.ts'
import { taskWords } from './task-words.ts'

export type BootstrapperOutcome =
  | { readonly kind: 'done' }
  /** The child runs; `unset`: its variables without a value, a clause each. */
  | { readonly kind: 'started'; readonly pid: number; readonly unset?: readonly string[] }
  /** It could not be started at all. */
  | { readonly kind: 'refused'; readonly message: string }

export function applyOutcome(
  state: BootstrapperState,
  action: BootstrapperAction,
  outcome: BootstrapperOutcome,
  now: Instant,
): BootstrapperState {
  if (outcome.kind === 'started') return started(state, action, outcome, now)
  if (state.stage.kind === 'ending') return state
  if (outcome.kind === 'refused') return refuse(state, action, outcome.message, now)
  switch (action.kind) {
    case 'startTask':
      return nextStep(state, now)
    case 'tell':
      return told(state, action, now)
    case 'terminate':
      return state.stage.kind === 'stopping' ? { ...state, stage: { ...state.stage, terminatedAt: now } } : state
    case 'startHost':
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
  if (action.kind !== 'startTask') return failed(state, message, now)
  const { task, module } = action.planned
  return failed(state, `${taskWords(module)} task "${task.commandLine}" failed: ${message}`, now)
}

/** A started child is recorded, whatever state the role has by now. */
function started(
  before: BootstrapperState,
  action: BootstrapperAction,
  { pid, unset }: BootstrapperOutcome & { kind: 'started' },
  now: Instant,
): BootstrapperState {
  if (action.kind !== 'startTask' && action.kind !== 'startHost') return before
  const { host } = before.plan
  const what =
    action.kind === 'startTask'
      ? {
          kind: kindOf(action.planned),
          command: action.planned.task.commandLine,
          module: action.planned.module,
        }
      : { kind: 'host' as const, command: commandOf(host) }
  const child = { ...what, pid, startedAt: now }
  const state = { ...before, children: { ...before.children, [action.key]: child } }
  const { stage } = state
  if (stage.kind === 'starting') return hostStarted({ ...state, unset }, now)
  if (stage.kind !== 'tasks') return state
  return meanings[what.kind].ends === 'step' ? { ...state, unset } : nextStep(state, now)
}

/** As the role model names it. */
function commandOf(host: HostProcess): string {
  switch (host.kind) {
    case 'program':
      return host.commandLine
    case 'module':
      return host.module
    case 'assembly':
      return host.assembly
  }
}

function hostStarted(state: BootstrapperState, now: Instant): BootstrapperState {
  const { host } = state.plan
  const stage =
    host.kind === 'program'
      ? { kind: 'running' as const, since: now, asked: true }
      : { kind: 'connecting' as const, since: now }
  return { ...state, saidReady: host.kind !== 'program' || host.readyOnStart, stage }
}

function stopTold(stage: Stage & { kind: 'stopping' }, clients: readonly string[]): Stage {
  const untold = stage.untold?.filter((client) => !clients.includes(client))
  return { ...stage, told: true, untold: untold?.length ? untold : undefined }
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
      return stage.kind === 'stopping' ? { ...state, stage: stopTold(stage, action.clients) } : state
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
