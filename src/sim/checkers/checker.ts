import type { Instant } from '../../kernel/instant.ts'
import type { Fact } from '../fact.ts'

/** Watches one invariant over a whole run. */
export interface Checker {
  /** The name of its file. */
  readonly name: string
  /** Asked after every event that a checker might see, with its facts; each answer is a breach, in one sentence. */
  check(facts: readonly Fact[]): readonly string[]
  /** A backup has replaced the store. A checker without this then starts again; one with it goes on, with all that it knows. */
  restored?(): void
}

/** The longest time without asking checkers: so often they look at changes that no fact reports. */
export const lookEveryMs = 250

/** For checkers with patience of many seconds, which look at everything. */
export const lookSeldomMs = 1_000

/** No breach. */
export const nothing: readonly string[] = []

/** An invariant did not hold: a defect of an agent, or of the simulator. */
export class InvariantBroken extends Error {
  readonly checker: string
  readonly at: Instant
  constructor(checker: string, complaint: string, at: Instant) {
    super(`${checker}: ${complaint} (at ${new Date(at).toISOString()})`)
    this.checker = checker
    this.at = at
  }
}
