import type { Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { HostAction } from './action.ts'
import type { Container, HostState } from './state.ts'

/** One question about a container. Undefined: the next question decides. A decision, even an empty one, is final. */
export type Question = (state: HostState, container: Container, now: Instant) => Decision<HostAction> | undefined
