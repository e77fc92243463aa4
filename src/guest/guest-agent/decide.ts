import type { Action, Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { BootstrapperGoal } from '../bootstrapper/protocol.ts'
import type { RootLetter } from '../contract/guest-paths.ts'
import type { Health } from '../contract/health.ts'
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
import type { WantedRoot } from './role-roots.ts'
import type { Goal, GuestAgentState, Prepared, Runs } from './state.ts'

export type GuestAction = Action &
  (
    | { readonly kind: 'fetchGoal' }
    /** A report at once; the answer to one that leaves Ready comes when the instance is out of rotation. */
    | { readonly kind: 'reportChange'; readonly health: Health }
    /** A report that the host agent holds until there is another incarnation than that in hand, or for `waitMs`. */
    | { readonly kind: 'heartbeat'; readonly health: Health; readonly waitMs: number; readonly inHand: number }
    /** Copies the software of a role to a drive, whose former content goes; nothing stays there when that fails. */
    | { readonly kind: 'unpack'; readonly wanted: WantedRoot }
    | { readonly kind: 'clear'; readonly letter: RootLetter }
    | { readonly kind: 'prepare'; readonly goal: Goal; readonly before?: Prepared | undefined }
    | { readonly kind: 'start'; readonly goal: Goal; readonly prepared: Prepared; readonly runs: Runs }
    | { readonly kind: 'tell'; readonly goal: BootstrapperGoal }
    /** Kills a stack that has not ended at its deadline. */
    | { readonly kind: 'kill' }
    | { readonly kind: 'replaceAgent'; readonly path: string; readonly incarnation: string }
    | { readonly kind: 'measure'; readonly goal: Goal }
  )

export type Question = (state: GuestAgentState, now: Instant) => Decision<GuestAction>

/**
 * In this order: nothing is right without the newest goal; the host hears of a change before it is acted upon; a guest is
 * set up before its stack stops for a new root or starts; a stack that runs on is told what is new; the rest can wait.
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
  const actions: GuestAction[] = []
  let wakeAt = Number.POSITIVE_INFINITY
  for (const question of questions) {
    const due = question(state, now)
    actions.push(...due.actions)
    wakeAt = Math.min(wakeAt, due.wakeAt ?? wakeAt)
  }
  return { actions, wakeAt: Number.isFinite(wakeAt) ? wakeAt : undefined }
}
