import { attempt } from '../../kernel/attempt.ts'
import { withThrown } from '../../kernel/thrown.ts'
import { containerSubject, type HostSubject } from './message.ts'
import type { HostState } from './state.ts'

/** The state after a step for one container. When the step throws, the container stays as it is and is set aside, and the others go on (F-27). */
export function aboutOne(state: HostState, containerId: string, think: () => HostState): HostState {
  const done = attempt(think)
  return 'value' in done
    ? thrownIn(done.value, containerSubject(containerId), 'goal', undefined)
    : thrownIn(state, containerSubject(containerId), 'goal', done.threw)
}

export function thrownIn(
  state: HostState,
  subject: HostSubject,
  thought: 'decision' | 'goal',
  threw: string | undefined,
): HostState {
  const thrown = withThrown(state.thrown, subject, thought, threw)
  return thrown === state.thrown ? state : { ...state, thrown }
}
