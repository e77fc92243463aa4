import type { ControllerAction, Effect } from '../../fabric/controller/action.ts'
import { controller } from '../../fabric/controller/agent.ts'
import { type OpenDesk, openDesk } from '../../fabric/controller/desk/open-desk.ts'
import type { Message } from '../../fabric/controller/message.ts'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import { deploymentOf, deploymentSubject, type Subject } from '../../fabric/controller/subject.ts'
import type { Committer } from '../../kernel/commit.ts'
import type { Defect } from '../../kernel/loop/troubles.ts'
import type { Loop } from '../../kernel/loop.ts'
import type { Timers } from '../../kernel/timers.ts'
import { drive } from '../drive.ts'
import { performController, type SimulatedControllerFacilities } from '../facilities/controller.ts'
import type { Fact } from '../fact.ts'
import type { PausableClock } from '../pausable.ts'
import { type Poison, poisoned } from '../poison.ts'

/** One run of the controller's process, from its start to its end. */
export interface Run {
  readonly driver: Loop<FabricState, Message, Subject>
  readonly own: PausableClock
  readonly desk: OpenDesk
}

interface RunParts extends SimulatedControllerFacilities {
  /** The process's own clock. */
  readonly own: PausableClock
  /** Its first state, already stored. */
  readonly state: FabricState
  readonly commit: Committer<FabricState>
  readonly timers: Timers
  /** What throws for a subject now. */
  poisonOf(subject: Subject): ReturnType<Poison['of']>
  died(error: unknown): void
  witness(fact: Fact): void
  defect(defect: Defect<Subject>): void
}

export function beginRun(parts: RunParts): Run {
  const { own, state, commit, defect, died } = parts
  const carryOut = performController(parts)
  const desk = openDesk({
    ...own,
    state: () => driver.state(),
    deliver: (message, ended) => driver.deliver(message, ended),
  })
  const driver = drive({
    agent: poisoned(controller, subjectOf, (seen, subject) => mayThrow(seen, subject, parts)),
    state,
    rests: parts.timers.recycleDelays,
    defect,
    clock: own,
    lapse: own.lapse,
    commit,
    perform(action, settled) {
      const record = recordOf(action)
      if (record) parts.witness({ kind: 'controllerActs', action: action.kind, record })
      carryOut(action, settled)
    },
    changed: desk.changed,
    died,
  })
  return { driver, own, desk }
}

/** A deployment that is to go still goes: only the decision to keep it is poisoned. */
function mayThrow({ stored }: FabricState, subject: Subject, { poisonOf }: Pick<RunParts, 'poisonOf'>) {
  const isGoing = stored.deployment.get(deploymentOf(subject) ?? '')?.wanted === 'Deleted'
  return isGoing ? undefined : poisonOf(subject)
}

function subjectOf(action: ControllerAction): Subject | undefined {
  return 'deployment' in action ? deploymentSubject(action.deployment) : undefined
}

/** The record that an effect follows from. */
function recordOf(action: Effect): string | undefined {
  if (action.kind === 'fetchPackage') return `deployment/${action.deployment}`
  if (action.kind === 'addMember' || action.kind === 'promoteMember') return `machine/${action.machine}`
  if (action.kind === 'removeMember') return `formerMachine/${action.former}`
  return action.kind === 'copyPackage' ? `packageCopy/${action.copy.operation}` : undefined
}
