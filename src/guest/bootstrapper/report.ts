import type { Instant } from '../../kernel/instant.ts'
import { defectWords } from '../../kernel/thrown.ts'
import { wishOf } from '../../role/contract/leases.ts'
import { deploysSites, type PlannedTask, type RolePlan } from '../../service-model/role-plan.ts'
import { hostLives } from './children.ts'
import type { BootstrapperReport } from './protocol.ts'
import type { BootstrapperState, Stage } from './state.ts'
import { taskWords } from './task-words.ts'

/** The report to the guest agent: the one place where Ready is decided (S-16, H-10, H-32; role-runtime.md 6, rule 4). */
export function reportOf(state: BootstrapperState): BootstrapperReport {
  const { stage, acceptedIncarnation, recycle, thrown } = state
  const ready = stage.kind === 'running' && hostLives(state.children) && busyBecause(state) === undefined
  const said = ready ? '' : (busyBecause(state) ?? activityOf(state))
  return {
    status: ready ? 'Ready' : 'Busy',
    phase: phaseOf(state),
    activity: thrown === undefined ? said : [said, defectWords('bootstrapper', thrown)].filter(Boolean).join('. '),
    since: state.saidSince,
    acceptedIncarnation,
    recycle,
  }
}

/** The new state, with the time since which the role's state is the same: when its status or sentence last changed (T-6). */
export function dated(before: BootstrapperState, after: BootstrapperState, now: Instant): BootstrapperState {
  return standing(before) === standing(after) ? after : { ...after, saidSince: now }
}

function standing(state: BootstrapperState): string {
  const { status, phase, activity } = reportOf(state)
  return JSON.stringify([status, phase, activity])
}

/** The report as a sentence of WaHostBootstrapper.log. */
export function statusLine({ status, phase, activity, acceptedIncarnation, recycle }: BootstrapperReport): string {
  const details = activity === '' ? '' : ` ${phase}... ${activity}.`
  return `Role status is ${status} for incarnation ${acceptedIncarnation}.${details}${recycle ? ` ${recycle.reason}` : ''}`
}

function busyBecause({ stage, check, leases, saidReady }: BootstrapperState): string | undefined {
  if (stage.kind !== 'running') return undefined
  if (!saidReady) return 'The program has not reported that it is ready'
  if (check?.hung) return 'The role does not answer its StatusCheck'
  // Expired leases have left the table, so any moment will do.
  if (check?.busy || wishOf(leases, 0) === 'Busy') return 'The role reports that it is busy'
  return undefined
}

/** Until the first task the role is being started (table 4.1, steps 6 and 7). */
function phaseOf({ stage, plan }: BootstrapperState): BootstrapperReport['phase'] {
  const waits = stage.kind === 'running' || (stage.kind === 'tasks' && !isBeforeTasks(plan.tasks[stage.next]))
  return waits ? 'Waiting for role to start' : 'Starting role'
}

function activityOf({ stage, recycle, plan }: BootstrapperState): string {
  if (stage.kind === 'running') return recycle?.reason.replace(/\.$/, '') ?? 'System is initializing'
  if (stage.kind === 'stopping' || stage.kind === 'ending') return 'The role is stopping'
  if (stage.kind === 'tasks') return tasksActivity(stage, plan)
  return plan.tasks.some(deploysSites) ? 'Sites were deployed' : 'System is initializing'
}

const isBeforeTasks = (planned: PlannedTask | undefined) => planned?.kind === 'platform' && !deploysSites(planned)

/** A task that takes long is named: it may never end (S-25). */
function tasksActivity({ next, isLong }: Stage & { kind: 'tasks' }, { tasks }: RolePlan): string {
  const planned = tasks[next]
  if (isBeforeTasks(planned)) return 'System is initializing'
  if (planned && deploysSites(planned)) return 'Sites are being deployed'
  const running = `${taskWords(planned?.module)} tasks are running`
  return isLong ? `${running}: "${planned?.task.commandLine}" has not ended` : running
}
