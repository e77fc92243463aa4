import type { Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import { together } from '../../kernel/together.ts'
import type { BootstrapperAction, Question } from './action.ts'
import { nextMoment } from './advance.ts'
import { checkStatus } from './decide/check-status.ts'
import { passChangeOn } from './decide/pass-change-on.ts'
import { startRole } from './decide/start-role.ts'
import { stopRole } from './decide/stop-role.ts'
import type { BootstrapperState } from './state.ts'

/**
 * In this order: a role that ends or stops is neither started nor changed; one that is being started takes no change yet;
 * the StatusCheck comes last because everything else is its answer too.
 */
const questions: readonly Question[] = [stopRole, startRole, passChangeOn, checkStatus]

export function decide(state: BootstrapperState, _subject: string, now: Instant): Decision<BootstrapperAction> {
  const due = nextMoment(state)
  if (due !== undefined && due <= now && state.stage.kind !== 'ending')
    return { actions: [{ kind: 'look', key: 'look', reason: 'Time has passed.' }] }
  return together([...questions.map((question) => () => question(state, now)), () => ({ actions: [], wakeAt: due })])
}
