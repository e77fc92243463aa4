import type { Step } from '../../kernel/agent.ts'
import type { FabricState } from './state/state.ts'
import type { Subject } from './subject.ts'

/** What a message or an outcome makes of the state, and the subjects that it touched. */
export type ControllerStep = Step<FabricState, Subject>
