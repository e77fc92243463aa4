import type { Fault } from '../../../kernel/fault.ts'
import type { Message } from '../message.ts'
import type { FabricState } from '../state/state.ts'
import type { Desk, Note } from './desk.ts'

/** What a call sees: the committed state, and the desk. */
export interface Sight {
  readonly state: FabricState
  readonly desk: Desk
}

/** Why a held call ends: its condition holds (`so`), its time is over (`late`), or the caller has hung up (`gone`). */
export type HoldEnd = 'so' | 'late' | 'gone'

/** What is done next with a call of another party. */
export type Next<Answer> = Beside & (Say<Answer> | Tell<Answer> | Hold<Answer>)

/** What is done first, without waiting for it. */
interface Beside {
  readonly notes?: readonly Note[]
  readonly messages?: readonly Message[]
}

/** The call is answered. */
interface Say<Answer> {
  readonly kind: 'say'
  readonly answer: Answer
  /** Sent to the controller after so much time, in milliseconds. */
  readonly later?: { readonly afterMs: number; readonly messages: (sight: Sight) => readonly Message[] }
}

/** A message goes to the controller. The call goes on when it is committed, or, with the fault, when it has changed nothing. */
interface Tell<Answer> {
  readonly kind: 'tell'
  readonly message: Message
  readonly goOn: (sight: Sight, fault: Fault | undefined) => Next<Answer>
}

/** The call is held until a condition holds of the committed state, at most `limitMs`. */
interface Hold<Answer> {
  readonly kind: 'hold'
  readonly until: (state: FabricState) => boolean
  readonly limitMs: number
  readonly goOn: (sight: Sight, end: HoldEnd) => Next<Answer>
}

/** The answer of HTTP to a call that is refused. */
export interface Refusal {
  readonly refused: Fault
  readonly status: number
}
