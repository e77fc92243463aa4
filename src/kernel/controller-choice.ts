/** Which controller is asked, of those that are known. URLs, or any other names. */
export interface ControllerChoice {
  readonly known: readonly string[]
  /** One of them: the one that answered last, or the next to try. */
  readonly current: string
}

/** Least time between two tries of one question, in milliseconds. Origin: decisions/several-machines.md. */
export const retryAfterMs = 250

/** Throws a RangeError when there is none. */
export function firstChoice(known: readonly string[]): ControllerChoice {
  const [current] = known
  if (current === undefined) throw new RangeError('There is no controller to ask: the list of controllers is empty.')
  return { known, current }
}

/** That one has answered as a master. */
export function answered(choice: ControllerChoice, by: string): ControllerChoice {
  return choice.known.includes(by) ? { ...choice, current: by } : choice
}

/**
 * That one did not answer, or is no master and has named `master`: then that one is next, else the one after it in the list. What is learned of one
 * that is not asked any more changes nothing.
 */
export function failed(choice: ControllerChoice, asked: string, master?: string): ControllerChoice {
  const { known, current } = choice
  if (asked !== current) return choice
  if (master !== undefined && master !== asked && known.includes(master)) return { ...choice, current: master }
  return { ...choice, current: known[(known.indexOf(asked) + 1) % known.length] ?? current }
}

/** Another list of controllers; the current one is kept when it is in it. */
export function listed(choice: ControllerChoice, known: readonly string[]): ControllerChoice {
  const next = firstChoice(known)
  return known.includes(choice.current) ? { known, current: choice.current } : next
}
