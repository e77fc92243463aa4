import type { Action } from './agent.ts'
import { type Loop, type LoopParts, loopOf } from './loop.ts'

/** What a process needs to run its agent. */
export interface DriverParts<State, Message, Subject extends string, Acts extends Action, Outcome>
  extends Pick<LoopParts<State, Message, Subject, Acts, Outcome>, 'agent' | 'state' | 'now' | 'schedule'> {
  /** Makes the change durable and returns the state to go on with. What it throws ends the process: nothing may be done that is not stored. */
  commit(state: State): State
  /** Carries an action out. What users and networks do wrong is an outcome; a rejection is a defect and ends the process. */
  perform(action: Acts): Promise<Outcome>
  /** Called after each commit, before anything is performed. */
  changed?(state: State): void
}

export interface Driver<State, Message, Subject extends string> extends Omit<Loop<State, Message, Subject>, 'deliver'> {
  /** Resolves when the message is part of the committed state. */
  deliver(message: Message): Promise<void>
}

/** Runs an agent in a process of its own. */
export function drive<State, Message, Subject extends string, Acts extends Action, Outcome>(
  parts: DriverParts<State, Message, Subject, Acts, Outcome>,
): Driver<State, Message, Subject> {
  const loop = loopOf<State, Message, Subject, Acts, Outcome>({
    ...parts,
    soon: setImmediate,
    commit: (state) => parts.commit(state),
    perform: (action, settled) => void parts.perform(action).then(settled),
    changed: (state) => parts.changed?.(state),
  })
  return { ...loop, deliver: (message) => new Promise((resolve) => loop.deliver(message, resolve)) }
}
