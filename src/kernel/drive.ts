import type { Action } from './agent.ts'
import type { Fault } from './fault.ts'
import { lapseWatch, lookEveryMs } from './lapse.ts'
import { type Loop, type LoopParts, loopOf } from './loop.ts'

/** What a process needs to run its agent. */
export interface DriverParts<
  State,
  Message,
  Subject extends string,
  Acts extends Action,
  Outcome,
  Resolution extends Action = never,
> extends Pick<
    LoopParts<State, Message, Subject, Acts, Outcome, Resolution>,
    'agent' | 'state' | 'rests' | 'now' | 'schedule' | 'commit'
  > {
  /** Carries an action out. Errors of users and networks are outcomes. A rejection is a defect, and sets aside the action's subject. */
  perform(action: Acts): Promise<Outcome>
  /** Called after each commit, before anything is performed. */
  changed?(state: State): void
  /** Writes a line about a defect, with its stack, into the process's own log. */
  complain(line: string): void
  /** Ends the process, with that sentence: the stored state is unknown, or belongs to a newer master. Absent where a commit cannot end so. */
  lost?(reason: string): void
}

export interface Driver<State, Message, Subject extends string> extends Omit<Loop<State, Message, Subject>, 'deliver'> {
  /** Resolves when the message is part of the committed state; with the fault when it has changed nothing (loop.ts). */
  deliver(message: Message): Promise<Fault | undefined>
}

/** Runs an agent in a process of its own. */
export function drive<
  State,
  Message,
  Subject extends string,
  Acts extends Action,
  Outcome,
  Resolution extends Action = never,
>(parts: DriverParts<State, Message, Subject, Acts, Outcome, Resolution>): Driver<State, Message, Subject> {
  const perform = async (action: Acts) => parts.perform(action)
  const watch = lapseWatch(parts.now, () => performance.now())
  const loop = loopOf<State, Message, Subject, Acts, Outcome, Resolution>({
    ...parts,
    lapse: watch.take,
    soon: setImmediate,
    perform: (action, settled, failed) => void perform(action).then(settled, failed),
    changed: (state) => parts.changed?.(state),
    defect({ subject, during, thrown }) {
      const what = subject === undefined ? 'Something is passed over' : `${subject} is set aside`
      const trace = thrown instanceof Error ? thrown.stack : String(thrown)
      parts.complain(`${what}, because ${during} has thrown: ${trace}`)
    },
    lost: ({ reason }) => (parts.lost ?? unexpected)(reason),
  })
  const look = setInterval(() => watch.look() && loop.touch([]), lookEveryMs).unref()
  return {
    ...loop,
    deliver: (message) => new Promise((resolve) => loop.deliver(message, resolve)),
    stop() {
      clearInterval(look)
      loop.stop()
    },
  }
}

function unexpected(reason: string): never {
  throw new Error(reason)
}
