import type { Action, Decision } from './agent.ts'

/** The answers of several questions together, in their order. One that throws does not stop the others, and is reported with them (F-27). */
export function together<Acts extends Action>(questions: readonly (() => Decision<Acts>)[]): Decision<Acts> {
  const actions: Acts[] = []
  const wakes: number[] = []
  let thrown: Decision<Acts>['thrown']
  for (const ask of questions) {
    try {
      const answer = ask()
      actions.push(...answer.actions)
      if (answer.wakeAt !== undefined) wakes.push(answer.wakeAt)
      thrown ??= answer.thrown
    } catch (error) {
      thrown ??= { error }
    }
  }
  return { actions, wakeAt: wakes.length > 0 ? Math.min(...wakes) : undefined, ...(thrown && { thrown }) }
}
