import type { Action, Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RoleGoal } from '../../role/contract/goal-state.ts'
import type { ServerMessage } from '../../role/contract/messages.ts'
import { nextMoment } from './advance.ts'
import { checkStatus } from './decide/check-status.ts'
import { passChangeOn } from './decide/pass-change-on.ts'
import { startRole } from './decide/start-role.ts'
import { stopRole } from './decide/stop-role.ts'
import type { PlannedTask } from './plan.ts'
import type { BootstrapperExit } from './protocol.ts'
import type { BootstrapperState } from './state.ts'

export type BootstrapperAction = Action &
  (
    | { readonly kind: 'runTask'; readonly index: number; readonly planned: PlannedTask }
    | { readonly kind: 'startHost' }
    /** Says something to the processes of the role: a goal to clients of the published protocol, a message to our own. */
    | {
        readonly kind: 'tell'
        readonly goal?: RoleGoal | undefined
        readonly message: ServerMessage
        readonly clients: readonly string[]
      }
    /** SIGTERM to the host process. */
    | { readonly kind: 'terminate' }
    /** Time has passed: the state is to be looked at again. */
    | { readonly kind: 'look' }
    /** Kills what is left of the role, leaves the exit file and ends this process. */
    | { readonly kind: 'end'; readonly exit: BootstrapperExit }
  )

export type Question = (state: BootstrapperState, now: Instant) => Decision<BootstrapperAction>

/**
 * In this order: a role that ends or stops is neither started nor changed; one that is being started takes no change yet;
 * the StatusCheck comes last because everything else is its answer too.
 */
const questions: readonly Question[] = [stopRole, startRole, passChangeOn, checkStatus]

export function decide(state: BootstrapperState, _subject: string, now: Instant): Decision<BootstrapperAction> {
  const due = nextMoment(state)
  if (due !== undefined && due <= now && state.stage.kind !== 'ending')
    return { actions: [{ kind: 'look', key: 'look', reason: 'Time has passed.' }] }
  const answers = questions.map((question) => question(state, now))
  const wakes = [due, ...answers.map(({ wakeAt }) => wakeAt)].filter((at) => at !== undefined)
  return {
    actions: answers.flatMap(({ actions }) => actions),
    wakeAt: wakes.length > 0 ? Math.min(...wakes) : undefined,
  }
}
