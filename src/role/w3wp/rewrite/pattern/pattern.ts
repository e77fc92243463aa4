/** A compiled pattern of a rule or a condition. */
export interface Pattern {
  /** The first place at or after `from` that fits; undefined when none does. Throws OverBudget (I-55). */
  find(text: string, from: number, budget: Budget): Found | undefined
}

export interface Found {
  readonly index: number
  readonly end: number
  /** The whole first; a group that took no part is empty. */
  readonly captures: readonly string[]
}

/** Steps still allowed for one request, for all its patterns together that cannot run in linear time. */
export interface Budget {
  left: number
}

/** A pattern has used up the budget of its request. */
export class OverBudget extends Error {}

/** A pattern that cannot be used, and why. */
export class BadPattern extends Error {}

/**
 * Steps for a request: about 50 ms of this engine. Origin: choice. A real pattern of a front controller takes some hundred on a real URL.
 */
const stepsOfRequest = 1_000_000

/** Steps more for each character of a body: patterns that look ahead pass over it some times. Origin: choice. */
const stepsOfCharacter = 10

/** Steps for the largest body: about half a second, in which the pool serves nobody else. Origin: choice. */
const mostSteps = 10_000_000

/** The steps allowed for a request, or for a body of that many characters. */
export function budgetFor(characters = 0): Budget {
  return { left: Math.min(stepsOfRequest + characters * stepsOfCharacter, mostSteps) }
}
