import type { Step } from '../agent.ts'
import type { Fault } from '../fault.ts'
import type { Instant } from '../instant.ts'
import type { Part } from '../set-aside.ts'

/** What waits to be folded into the state: a message, or the outcome of an action. */
export interface Entry<State, Subject extends string> {
  /** Its subject, which is set aside when it throws. */
  readonly subject?: Subject | undefined
  readonly part?: Part | undefined
  fold(state: State, now: Instant): Step<State, Subject>
  /** Called when it is part of the committed state, or, with the fault, when it has changed nothing. */
  readonly ended?: ((fault: Fault | undefined) => void) | undefined
}

export interface Taken<State, Subject extends string> extends Entry<State, Subject> {
  /** Called with what it threw. */
  readonly fault: Fault | undefined
}
