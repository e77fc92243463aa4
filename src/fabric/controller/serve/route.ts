import { defectFault } from '../../../kernel/attempt.ts'
import type { Fault } from '../../../kernel/fault.ts'

/** A call of another party over HTTPS, whose certificate says who it is. */
export interface Call {
  readonly peer: string
  readonly rest: string
  readonly query: URLSearchParams
  readonly body: unknown
  readonly signal: AbortSignal
}

/** Undefined: nothing to say (204). */
export type Answer =
  | { readonly json: unknown }
  | { readonly file: string }
  | { readonly refused: Fault; readonly status: number }
  | undefined

export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  allows(peer: string): boolean
  handle(call: Call): Promise<Answer>
}

/** The answer to a message that was taken in, or that threw (F-27). */
export function defectAnswer(threw: string | undefined): Answer {
  return threw === undefined ? undefined : { refused: defectFault(threw), status: 500 }
}
