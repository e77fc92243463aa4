import type { Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { HostAction } from './action.ts'
import type { Container, HostState } from './state.ts'

/** One question about a container. Undefined: the next question decides; a decision, even an empty one, is the answer. */
export type Question = (state: HostState, container: Container, now: Instant) => Decision<HostAction> | undefined
