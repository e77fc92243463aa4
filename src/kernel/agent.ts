import type { Instant } from './instant.ts'

/** An action as data: what to do, why, and the key under which it is in flight at most once. */
export interface Action {
  readonly kind: string
  readonly key: string
  /** The same words in the log, the portal and the test. */
  readonly reason: string
}

/** What is due for one subject, and when to ask again if nothing touches it before. */
export interface Decision<Acts extends Action> {
  readonly actions: readonly Acts[]
  readonly wakeAt?: Instant | undefined
  /** What one of several questions has thrown: the other answers are still valid (together.ts). */
  readonly thrown?: { readonly error: unknown } | undefined
}

/** A new state and the subjects that the change touched: the driver asks `decide` only for these. */
export interface Step<State, Subject extends string> {
  readonly state: State
  readonly touched: readonly Subject[]
}

/**
 * The shape of every deciding part, and of its folder: `agent`, `state`, `receive`, `decide`, `settle`, and for its effects `facilities` and
 * `perform`, each a file or a folder of that name. Two drivers run it: `kernel/drive` on Linux, `sim` in tests.
 *
 * A subject is what can be decided by itself (a deployment, a host, the pool). The driver asks only subjects that were touched or are due, and holds
 * back an action whose key is in flight. All functions are pure.
 *
 * A function that throws is a defect. It affects one subject, not the process: the state stays as it was, the subject is set aside until later, and
 * all others go on (F-27).
 */
export interface Agent<
  State,
  Message,
  Subject extends string,
  Acts extends Action,
  Outcome,
  Resolution extends Action = never,
> {
  /** A goal from above, or a report from below. A message that throws is refused. */
  receive(state: State, message: Message, now: Instant): Step<State, Subject>
  decide(state: State, subject: Subject, now: Instant): Decision<Acts | Resolution>
  /**
   * The result of a decided action without effect on the world. It is folded at once, before any other message, so nothing can have changed since the
   * decision. Undefined, or absent: the action has an effect, and is carried out once the state is committed.
   */
  resolve?(state: State, action: Acts | Resolution, now: Instant): Step<State, Subject> | undefined
  /** How an action that had an effect ended. */
  settle(state: State, action: Acts, outcome: Outcome, now: Instant): Step<State, Subject>
  /**
   * The process could not hear for a while, or its clock was set (kernel/lapse.ts). The moments from which silence and waiting count are moved by
   * `ms`, so that time in which nobody could be heard does not count (H-37). Asked before any other message. Touches every subject with such a
   * moment. Absent: the agent judges nobody by the clock.
   */
  lapsed?(state: State, ms: number, now: Instant): Step<State, Subject>
  /** As `lapsed`, but the process ran all the time: its store refused messages, and their senders will soon repeat them. Absent: as `lapsed`. */
  unheard?(state: State, ms: number, now: Instant): Step<State, Subject>
  /** No decision for this subject is ever stored: it is decided also while the store refuses (F-28). Absent: no subject is. */
  speaks?(subject: Subject): boolean
  /** The subject of a message, which is set aside when it throws; undefined, or absent: it concerns only its sender. */
  about?(message: Message): Subject | undefined
  /**
   * The subject is set aside because of what was thrown, and this is shown with its status; `threw` undefined: no longer set aside. Touches only
   * subjects that this concerns.
   */
  setAside(state: State, subject: Subject, threw: string | undefined, now: Instant): Step<State, Subject>
}
