/** 0 only when the requested change has happened (design.md 5). */
export const exitCodes = { done: 0, notDone: 1, wrongUse: 2, interrupted: 130, closedPipe: 141 } as const

/** What keeps a verb from doing what was asked: one message that says what was asked, what was found, what to do. */
export class Failure extends Error {
  readonly exitCode: number
  /** Results found in spite of it: they are beside the message in the JSON answer. */
  readonly facts: object
  constructor(message: string, exitCode: number = exitCodes.notDone, facts: object = {}) {
    super(message)
    this.exitCode = exitCode
    this.facts = facts
  }
}
