import type { Action } from '../kernel/agent.ts'
import type { Commit, Committer } from '../kernel/commit.ts'
import { type Loop, type LoopParts, loopOf } from '../kernel/loop.ts'
import type { Clock } from './clock.ts'

/** What the simulator's driver needs: the same as the kernel's, but without promises, so that a run is the same every time. */
interface Parts<State, Message, Subject extends string, Acts extends Action, Outcome, Resolution extends Action = never>
  extends Pick<
    LoopParts<State, Message, Subject, Acts, Outcome, Resolution>,
    'agent' | 'state' | 'rests' | 'commit' | 'perform' | 'changed' | 'defect'
  > {
  readonly clock: Clock
  /** By how much the agent's noted moments are to be moved; absent: it always runs. */
  lapse?(): number
  /** Called once, when the process ends because it is unknown what is stored. */
  died?(error: unknown): void
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
    lost: ({ reason }) => parts.died?.(new Error(reason)),
  })
}

/** For a commit that has ended when it returns; what it throws ends the process, as on Linux. */
export function mortal<State>(commit: Committer<State>, died: (error: unknown) => void): Committer<State> {
  return (state, ended) => {
    let result: Commit<State> | undefined
    try {
      commit(state, (came) => {
        result = came
      })
    } catch (error) {
      return died(error)
    }
    if (result) ended(result)
  }
}
