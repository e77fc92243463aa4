import type { Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import { together } from '../../kernel/together.ts'
import type { GuestAction, Question } from './action.ts'
import { clearDrive } from './decide/clear-drive.ts'
import { fetchGoal } from './decide/fetch-goal.ts'
import { makeRoot } from './decide/make-root.ts'
import { measureStorage } from './decide/measure-storage.ts'
import { prepareGuest } from './decide/prepare-guest.ts'
import { replaceAgent } from './decide/replace-agent.ts'
import { reportHealth } from './decide/report-health.ts'
import { startStack } from './decide/start-stack.ts'
import { stopStack } from './decide/stop-stack.ts'
import { tellStack } from './decide/tell-stack.ts'
import type { GuestAgentState } from './state.ts'

/**
 * In this order: nothing is right without the newest goal; a change is reported to the host before any action on it; a guest is
 * set up before its stack stops for a new root or starts; a stack that runs on receives the changes; the rest can wait.
 */
const questions: readonly Question[] = [
  fetchGoal,
  reportHealth,
  makeRoot,
  prepareGuest,
  stopStack,
  startStack,
  tellStack,
  clearDrive,
  replaceAgent,
  measureStorage,
]

export function decide(state: GuestAgentState, _subject: string, now: Instant): Decision<GuestAction> {
  return together(questions.map((question) => () => question(state, now)))
}
