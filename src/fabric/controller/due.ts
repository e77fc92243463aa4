import type { Decision } from '../../kernel/agent.ts'
import type { ControllerAction } from './action.ts'

/** What one question of `decide` answers. */
export type Due = Decision<ControllerAction>
