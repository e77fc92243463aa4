import type { Instant } from '../../kernel/instant.ts'
import type { PlannedTask } from '../../service-model/role-plan.ts'
import { blocksStartup } from '../../service-model/sdk-plugins.ts'
import { becauseOf, type Ended } from '../startup-tasks/runner.ts'
import { failed, stopped } from './advance.ts'
import { type Child, childrenAtStop, type Meaning, meanings } from './children.ts'
import type { BootstrapperState } from './state.ts'
import { taskWords } from './task-words.ts'

/** A child has ended: it is removed from the table, and its end takes effect (children.ts). */
export function childEnded(state: BootstrapperState, key: string, ended: Ended, now: Instant): BootstrapperState {
  const { [key]: child, ...children } = state.children
  const without = { ...state, children }
  if (!child || state.stage.kind === 'ending') return without
  if (state.stage.kind !== 'stopping') return follows[meanings[child.kind].ends](without, child, ended, now)
  return childrenAtStop(children, 'told', 'awaited').length > 0 ? without : stopped(without, now)
}

type Follows = (state: BootstrapperState, child: Child, ended: Ended, now: Instant) => BootstrapperState

const follows: Readonly<Record<Meaning['ends'], Follows>> = {
  role: hostEnded,
  step: taskEnded,
  nothing: pluginEnded,
  failure: platformEnded,
}

/**
 * A program that exits has returned from Run, whatever its code; one that a signal has ended has crashed (role-runtime.md 8.3, 8.4).
 * A program that the system could not run has not returned.
 */
function hostEnded(state: BootstrapperState, _host: Child, ended: Ended, now: Instant): BootstrapperState {
  const { code, signal, cause } = ended
  if (code !== null && cause === undefined && state.plan.host.kind === 'program' && state.stage.kind === 'running') {
    const reason = state.recycle?.reason ?? `The program ended with exit code ${code}.`
    return { ...state, programCode: code, recycle: { reason, returned: true } }
  }
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`
  return failed(state, state.failure ?? `The host process ${how}${becauseOf(ended)}`, now, { code: code ?? -1 })
}

/**
 * The end of a task for which the start does not wait is only logged. But when a plug-in's task fails before its `/blockStartup`
 * task has returned, the latter would wait for ever, so the start ends (P-8).
 */
function pluginEnded(state: BootstrapperState, child: Child, ended: Ended, now: Instant): BootstrapperState {
  const { stage, plan } = state
  if (stage.kind !== 'tasks' || child.module === undefined || ended.code === 0) return state
  const waiting = plan.tasks.slice(stage.next).find((planned) => awaitsPlugin(planned, child.module))
  if (!waiting) return state
  const how = ended.code === null ? `was ended by ${ended.signal}` : `ended with exit code ${ended.code}`
  const activity = `The plug-in ${child.module} did not get ready: its task "${child.command}" ${how}${becauseOf(ended)}`
  const taskError = { command: child.command, exitCode: ended.code ?? -1 }
  return failed(state, activity, now, { taskError })
}

/** A program of the platform that serves the role has ended although nobody asked it to. */
function platformEnded(state: BootstrapperState, { command }: Child, ended: Ended, now: Instant): BootstrapperState {
  const how = ended.signal ? `was ended by ${ended.signal}` : `ended with exit code ${ended.code}`
  return failed(state, `${command} ${how}${becauseOf(ended)}`, now, { code: ended.code ?? -1 })
}

/** Whether that is the task which waits until the plug-in is ready (P-4, P-5). */
function awaitsPlugin({ task, module }: PlannedTask, wanted: string | undefined): boolean {
  const isOfPlugin = module !== undefined && module.toLowerCase() === wanted?.toLowerCase()
  return isOfPlugin && task.taskType === 'simple' && blocksStartup(task.commandLine)
}

/** A task that did not return success ends the start: no later task runs, nor the role (S-24). */
function taskEnded(
  state: BootstrapperState,
  { command, module }: Child,
  ended: Ended,
  now: Instant,
): BootstrapperState {
  if (ended.code === 0) return nextStep({ ...state, unset: undefined }, now)
  const code = ended.code ?? -1
  const how = ended.code === null ? `was ended by ${ended.signal}` : `failed with exit code ${code}`
  // One that was killed has not written it.
  const where = module === 'IISConfigurator' && ended.code !== null ? '; IISConfigurator.log says why' : ''
  const activity = `${taskWords(module)} task "${command}" ${how}${becauseOf(ended)}${where}`
  return failed(state, activity, now, { taskError: { command, exitCode: code } })
}

/** After a task comes the next, and after the last one the host process. */
export function nextStep(state: BootstrapperState, now: Instant): BootstrapperState {
  const { stage, plan } = state
  if (stage.kind !== 'tasks') return state
  const next = stage.next + 1
  return {
    ...state,
    stage: next < plan.tasks.length ? { kind: 'tasks', next, since: now } : { kind: 'starting', since: now },
  }
}
