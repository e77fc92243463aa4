import type { Instant } from '../../kernel/instant.ts'
import { defectWords } from '../../kernel/thrown.ts'
import type { InstanceStatus } from '../../service-model/instance-status.ts'
import type { Health } from '../contract/health.ts'
import { detailsLine } from './details.ts'
import { faultOf, goalRoot, nextRoot, stands } from './role-roots.ts'
import { failuresNow, type Goal, type GuestAgentState, type StopReason } from './state.ts'

interface Standing {
  readonly status: InstanceStatus | 'Stopped'
  readonly details: string
}

/** The one and only status of the instance (T-3), as reported to the host agent. Undefined until there is a goal. */
export function healthOf(state: GuestAgentState, now: Instant): Health | undefined {
  const { goal, stack } = state
  if (!goal) return undefined
  const standing = standingOf(state, goal)
  const { status } = standing
  const details = [standing.details, ...(stack.kind === 'up' ? state.remarks : []), ...defects(state)]
    .filter(Boolean)
    .join(' ')
  const failures = failuresNow(state, now)
  const ready = status === 'ReadyRole' && stack.kind === 'up'
  return {
    // Ready speaks of the goal that the role has accepted; anything else of the newest in hand (wire-server.md 9).
    goalStateIncarnation: ready ? (stack.report?.acceptedIncarnation ?? 0) : goal.incarnation,
    containerId: goal.containerId,
    instanceId: goal.instanceId,
    ...(ready
      ? { state: 'Ready', ...(details !== '' && { description: details }) }
      : status === 'Stopped'
        ? { state: 'Stopped' }
        : { state: 'NotReady', subStatus: status, description: details }),
    ...(failures > 0 && { failures }),
    ...preparation(state, goal),
  }
}

function defects({ thrown }: GuestAgentState): readonly string[] {
  return thrown === undefined ? [] : [`${defectWords('guest agent', thrown)}.`]
}

/** How the next role root stands. A new root that cannot be unpacked while the role still runs from the former one is reported in the same way. */
function preparation(state: GuestAgentState, goal: Goal): Pick<Health, 'prepared' | 'prepareFault'> {
  const next = nextRoot(goal)
  if (next && stands(state.drives, next)) return { prepared: next.root.softwareSha256 }
  const fault = faultOf(state, goalRoot(goal)) ?? (next && faultOf(state, next))
  return fault ? { prepareFault: fault.message } : {}
}

/** Tables 2.1 and 2.2, as far as the guest decides them. */
function standingOf(state: GuestAgentState, goal: Goal): Standing {
  const { stack, prepared, drives, failures, lastExit } = state
  const exit = failures > 0 ? lastExit : undefined
  const line = (phase: string, activity: string) => detailsLine(phase, activity, stack.since, exit)
  const fault = state.unprepared ?? faultOf(state, goalRoot(goal))
  const starting = failures > 0 ? 'Recovering role' : 'Starting role'
  switch (stack.kind) {
    case 'down':
      if (!wantsRole(goal)) return { status: 'Stopped', details: '' }
      if (fault)
        return {
          status: 'FailedStartingRole',
          details: detailsLine('Preparing to start role', fault.message, fault.at),
        }
      // A newer goal with the same role root makes nothing of that undone (H-13).
      if (failures > 1 && lastExit)
        return {
          status: 'CyclingRole',
          details: line('Role has encountered an error and has stopped', lastExit.activity),
        }
      if (prepared?.incarnation !== goal.incarnation || !stands(drives, goalRoot(goal)))
        return { status: 'CreatingRole', details: line('Preparing to start role', 'System is initializing') }
      return {
        status: stack.restart ? 'RestartingRole' : 'StartingRole',
        details: line(starting, 'System is initializing'),
      }
    case 'up': {
      const { report } = stack
      if (!report) return { status: 'StartingRole', details: line(starting, 'System is initializing') }
      // A role that is Ready has a message only when a part of the platform has a defect (F-27), or its local storage is full.
      if (report.status === 'Ready')
        return {
          status: 'ReadyRole',
          details: report.activity && detailsLine(report.phase, report.activity, report.since),
        }
      const phase = failures > 0 ? 'Recovering role' : report.phase
      return { status: 'BusyRole', details: detailsLine(phase, report.activity, report.since, exit) }
    }
    case 'leaving':
    case 'stopping': {
      const asked = stack.why === 'goal' || stack.why === 'root'
      const phase = asked ? 'Stopping role' : 'Restarting role'
      return {
        status: asked ? 'StoppingRole' : 'RestartingRole',
        details: detailsLine(phase, reasons[stack.why], stack.since),
      }
    }
  }
}

const reasons: Readonly<Record<StopReason, string>> = {
  goal: 'The fabric has asked for it',
  root: 'A new role root has come',
  certificate: 'A certificate has changed',
  recycle: 'The role has asked for it',
  returned: 'Run has returned',
  agentUpdate: 'The guest agent is being replaced',
}

/** Whether the role is to run at all. */
export function wantsRole(goal: Goal): boolean {
  return goal.machine === 'Started' && goal.role === 'Started'
}
