import { type Fault, type Result, refused } from './fault.ts'
import { thrownWords } from './set-aside.ts'

/** The result of code that may throw, as a value. What was thrown, in one line, concerns only its subject (F-27). */
export type Attempt<Value> = { readonly value: Value } | { readonly threw: string }

export function attempt<Value>(think: () => Value): Attempt<Value> {
  try {
    return { value: think() }
  } catch (thrown) {
    return { threw: thrownWords(thrown) }
  }
}

/** A request whose handling throws is refused: its sender gets an answer, and nothing has changed. */
export function orDefect<Value>(think: () => Result<Value>): Result<Value> {
  const made = attempt(think)
  return 'value' in made ? made.value : { ok: false, fault: defectFault(made.threw) }
}

export function defectFault(threw: string): Fault {
  const sentence = `The server encountered an internal error: ${threw}. Nothing was changed. Please report it.`
  return refused('InternalError', sentence).fault
}
