import type { Action, Agent } from '../agent.ts'
import type { Entry } from './entry.ts'
import { partOf, type Troubles } from './troubles.ts'

/** Actions that are being carried out: one at a time for each key. */
export interface Effects<Subject extends string, Acts extends Action> {
  isInFlight(key: string): boolean
  begin(action: Acts, subject: Subject): void
}

export function noEffects<State, Subject extends string, Acts extends Action, Outcome>(world: {
  readonly agent: Pick<Agent<State, never, Subject, Acts, Outcome>, 'settle'>
  readonly troubles: Troubles<Subject>
  perform(action: Acts, settled: (outcome: Outcome) => void, failed: (thrown: unknown) => void): void
  enqueue(entry: Entry<State, Subject>): void
}): Effects<Subject, Acts> {
  const inFlight = new Set<string>()
  return {
    isInFlight: (key) => inFlight.has(key),
    begin(action, subject) {
      const part = partOf(action)
      const settled = (outcome: Outcome) =>
        world.enqueue({
          subject,
          part,
          fold(before, now) {
            const step = world.agent.settle(before, action, outcome, now)
            return { state: step.state, touched: [...step.touched, subject] }
          },
          // Until its outcome is committed, it would be decided again.
          ended: () => inFlight.delete(action.key),
        })
      const failed = (thrown: unknown) => {
        inFlight.delete(action.key)
        world.troubles.put(subject, part, thrown)
      }
      inFlight.add(action.key)
      world.perform(action, settled, failed)
    },
  }
}
