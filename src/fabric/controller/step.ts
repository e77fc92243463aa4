import type { Step } from '../../kernel/agent.ts'
import type { FabricState } from './state/state.ts'
import type { Subject } from './subject.ts'

/** The state after a message or an outcome, and the subjects that it touched. */
export type ControllerStep = Step<FabricState, Subject>
