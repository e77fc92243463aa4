import type { Instant } from '../../kernel/instant.ts'
import type { Fact } from '../fact.ts'

/** Watches one invariant over a whole run. */
export interface Checker {
  /** The file that it stands in. */
  readonly name: string
  /** Asked after every event that a checker might see, with what has happened in it; each answer is a breach, told in one sentence. */
  check(facts: readonly Fact[]): readonly string[]
  /** A backup has taken the place of the store. A checker without this begins anew then; one with it goes on, with all that it knows. */
  restored?(): void
}

/** The longest time for which checkers are not asked: that is how often they look at what nobody tells of. */
export const lookEveryMs = 250

/** Nothing to complain of. */
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
