import type { OperationName } from '../../front-end/contract/operations.ts'
import type { Fault } from '../../kernel/fault.ts'
import { Failure } from '../failure.ts'

/** An answer of success. */
export interface Answer {
  readonly status: number
  /** The operation's ID of an asynchronous request (O-1). */
  readonly requestId: string
  readonly text: string
}

/** How a client reaches the Service Management API: the command line over TLS, the portal's pages over its gateway. */
export interface Api {
  /**
   * Requests an operation. `at` fills the places of its path: a name as it is, `deployment` in its form `deploymentslots/<slot>`.
   * Throws an ApiRefusal for every status from 400 on, and a Failure when the front end does not answer.
   */
  send(
    operation: OperationName,
    at?: Readonly<Record<string, string>>,
    more?: {
      readonly body?: string
      readonly query?: Readonly<Record<string, string>>
      readonly answerLimitMs?: number
    },
  ): Promise<Answer>
  /** A sentence of the API in the terms of this client's users. */
  inWords(sentence: string): string
}

/** A refusal by the API: code and text of section 6 of service-management-api.md. */
export class ApiRefusal extends Failure {
  readonly status: number
  readonly code: string
  constructor(message: string, status: number, code: string) {
    super(message, undefined, { code })
    this.status = status
    this.code = code
  }
}

/** Nothing has answered: whether the request was carried out is unknown. */
export class NoAnswer extends Failure {}

/** The fault with its message in the terms of this client's users. */
export function inWords({ inWords: worded }: Api, fault: Fault): Fault {
  return { ...fault, message: worded(fault.message) }
}
