import type { Action, Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { BootstrapperGoal } from '../bootstrapper/protocol.ts'
import type { RootLetter } from '../contract/guest-paths.ts'
import type { Health } from '../contract/health.ts'
import type { WantedRoot } from './role-roots.ts'
import type { Goal, GuestAgentState, Prepared, Runs } from './state.ts'

/** What a guest agent does. */
export type GuestAction = Action &
  (
    | { readonly kind: 'fetchGoal' }
    /** A report at once; the answer to one that leaves Ready comes when the instance is out of rotation. */
    | { readonly kind: 'reportChange'; readonly health: Health }
    /** A report that the host agent holds until there is another incarnation than that in hand, or for `waitMs`. */
    | { readonly kind: 'heartbeat'; readonly health: Health; readonly waitMs: number; readonly inHand: number }
    /** Copies the software of a role to a drive and removes its former content; after a failure the drive is empty. */
    | { readonly kind: 'unpack'; readonly wanted: WantedRoot }
    | { readonly kind: 'clear'; readonly letter: RootLetter }
    | { readonly kind: 'prepare'; readonly goal: Goal; readonly before?: Prepared | undefined }
    | { readonly kind: 'start'; readonly goal: Goal; readonly prepared: Prepared; readonly runs: Runs }
    /** `context`: the original log's name for the subject. */
    | {
        readonly kind: 'tell'
        readonly goal: BootstrapperGoal
        readonly context: 'UpdateRole' | 'StopRole' | 'StopContainer()'
      }
    /** Kills a stack that has not ended at its deadline. */
    | { readonly kind: 'kill' }
    | { readonly kind: 'replaceAgent'; readonly path: string; readonly incarnation: string }
    | { readonly kind: 'measure'; readonly goal: Goal }
  )

/** One thing that may be due; every question is asked each time. */
export type Question = (state: GuestAgentState, now: Instant) => Decision<GuestAction>
