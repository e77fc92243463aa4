import type { Action, Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RoleGoal } from '../../role/contract/goal-state.ts'
import type { ServerMessage } from '../../role/contract/messages.ts'
import type { PlannedTask } from '../../service-model/role-plan.ts'
import type { BootstrapperExit } from './protocol.ts'
import type { BootstrapperState } from './state.ts'

/** What a bootstrapper does. */
export type BootstrapperAction = Action &
  /** Starts a child, which is known by the key of the action until its end is reported. */
  (
    | { readonly kind: 'startTask'; readonly planned: PlannedTask }
    | { readonly kind: 'startHost' }
    /** Sends the processes of the role a message: a goal to clients of the published protocol, a message to our own. */
    | {
        readonly kind: 'tell'
        readonly goal?: RoleGoal | undefined
        readonly message: ServerMessage
        readonly clients: readonly string[]
      }
    /** SIGTERM to these children. */
    | { readonly kind: 'terminate'; readonly children: readonly string[] }
    /** Time has passed: the state is to be looked at again. */
    | { readonly kind: 'look' }
    /**
     * Waits for these children to end by themselves, within a limit; then kills what is left of the role, leaves the exit file and ends this
     * process.
     */
    | { readonly kind: 'end'; readonly exit: BootstrapperExit; readonly lastWords: readonly string[] }
  )

/** One thing that may be due; every question is asked each time. */
export type Question = (state: BootstrapperState, now: Instant) => Decision<BootstrapperAction>
