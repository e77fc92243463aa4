import type { Question } from '../action.ts'
import { ownClients } from '../state.ts'

/** Changing to every process of the role, then Changed (U-47). The published protocol knows one message for both. */
export const passChangeOn: Question = (state) => {
  const { stage, change, goal } = state
  if (!change || change.told || state.recycle || stage.kind === 'stopping' || stage.kind === 'ending')
    return { actions: [] }
  const { runtimeIncarnation: incarnation, step } = change
  const path = goal.roleEnvironmentPath
  return {
    actions: [
      {
        kind: 'tell',
        key: `${step} ${incarnation}`,
        reason: 'The configuration has changed.',
        goal: step === 'changing' ? { incarnation, expected: 'Started', roleEnvironmentPath: path } : undefined,
        message: { kind: step, incarnation, path, simultaneous: goal.simultaneous },
        clients: ownClients(state),
      },
    ],
  }
}
