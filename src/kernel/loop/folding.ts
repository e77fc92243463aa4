import type { Step } from '../agent.ts'
import { defectFault } from '../attempt.ts'
import type { Fault } from '../fault.ts'
import type { Instant } from '../instant.ts'
import type { Entry } from './entry.ts'
import type { Troubles } from './troubles.ts'

/** The state that all readers see, and the one to be committed next. */
export interface Folding<State, Subject extends string> {
  committed(): State
  /** With all that was folded since. */
  next(): State
  /** Folds one entry, at the instant of its round: decisions use the same instant. Answers what it threw; then the state is as it was before. */
  take(entry: Entry<State, Subject>, at: Instant): Fault | undefined
  /** Goes on from that state, and asks the subjects that the step has touched. */
  add(step: Step<State, Subject>): void
  /** All readers see that one now. */
  settle(committed: State): void
  /** The commit was refused: the former state stays. */
  undo(): void
}

export function foldingFrom<State, Subject extends string>(
  loaded: State,
  { pending, troubles }: { readonly pending: Set<Subject>; readonly troubles: Troubles<Subject> },
): Folding<State, Subject> {
  let committed = loaded
  let next = loaded

  function add({ state, touched }: Step<State, Subject>): void {
    next = state
    for (const subject of touched) pending.add(subject)
  }

  return {
    committed: () => committed,
    next: () => next,
    take({ subject, part, fold }, at) {
      const folded = troubles.attempt(subject, part, () => fold(next, at))
      if ('threw' in folded) return defectFault(folded.threw)
      add(folded.value)
      if (subject !== undefined && part !== undefined) troubles.clear(subject, part)
      return undefined
    },
    add,
    settle(state) {
      committed = state
      next = state
    },
    undo() {
      next = committed
    },
  }
}
