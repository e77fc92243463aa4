import type { Action } from '../kernel/agent.ts'
import { type Loop, type LoopParts, loopOf } from '../kernel/loop.ts'
import type { Clock } from './clock.ts'

/** What the simulator's driver needs: that of the kernel without promises, so that a run is the same every time. */
interface Parts<State, Message, Subject extends string, Acts extends Action, Outcome, Resolution extends Action = never>
  extends Pick<
    LoopParts<State, Message, Subject, Acts, Outcome, Resolution>,
    'agent' | 'state' | 'rests' | 'perform' | 'changed' | 'defect'
  > {
  readonly clock: Clock
  /** By how much what the agent has noted is to be moved; absent: it always runs. */
  lapse?(): number
  /** What it throws ends the process, as on Linux: nothing is done that is not stored. */
  commit(state: State): State
  /** Called once, when a commit has ended the process. */
  died(error: unknown): void
}

/** Runs an agent as a process does, on the virtual clock. */
export function drive<
  State,
  Message,
  Subject extends string,
  Acts extends Action,
  Outcome,
  Resolution extends Action = never,
>(parts: Parts<State, Message, Subject, Acts, Outcome, Resolution>): Loop<State, Message, Subject> {
  const { clock } = parts
  return loopOf<State, Message, Subject, Acts, Outcome, Resolution>({
    ...parts,
    now: clock.now,
    lapse: parts.lapse ?? (() => 0),
    soon: (run) => void clock.schedule(clock.now(), run),
    schedule: clock.schedule,
    commit(state) {
      try {
        return parts.commit(state)
      } catch (error) {
        parts.died(error)
        return undefined
      }
    },
  })
}
