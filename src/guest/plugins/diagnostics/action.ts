import type { Action, Decision } from '../../../kernel/agent.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { BufferName, DiagnosticsState } from './state.ts'

/** The subject of a decision: a buffer, or what concerns all of them. */
export type DiagnosticsSubject = BufferName | 'monitor'

/** What the agent of Diagnostics does. */
export type DiagnosticsAction = Action &
  (
    | { readonly kind: 'collect'; readonly buffer: BufferName; readonly counters: readonly string[] }
    /** Rows with these numbers, as long as their level is important enough. */
    | { readonly kind: 'transfer'; readonly buffer: BufferName; readonly from: number; readonly until: number }
    /** Removes the oldest segments, named by their first rows. */
    | {
        readonly kind: 'drop'
        readonly buffer: BufferName
        readonly segments: readonly number[]
        /** Rows among them that have never been transferred. */
        readonly lost: number
      }
    /** Asks the control container for another configuration (P-13). */
    | { readonly kind: 'poll' }
    /** Reports what is wrong where the user looks; '': nothing any more. */
    | { readonly kind: 'tell'; readonly trouble: string }
    /** Ends this process. */
    | { readonly kind: 'end' }
  )

/** One thing that may be due for a buffer; every question is asked each time. */
export type BufferQuestion = (state: DiagnosticsState, buffer: BufferName, now: Instant) => Decision<DiagnosticsAction>
