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
  /** What one of several questions has thrown: the rest holds all the same (together.ts). */
  readonly thrown?: { readonly error: unknown } | undefined
}

/** A new state and the subjects that the change touched: the driver asks `decide` for those alone. */
export interface Step<State, Subject extends string> {
  readonly state: State
  readonly touched: readonly Subject[]
}

/**
 * The shape of every thinking part, and of its folder: `agent`, `state`, `receive`, `decide`, `settle`, and, for what it
 * does to the world, `facilities` and `perform`, each a file or a folder of that name. Two drivers run it: `kernel/drive` on Linux, `sim` in
 * tests.
 *
 * A subject is what can be decided by itself (a deployment, a host, the pool). The driver asks only subjects that were
 * touched or are due, and holds back an action whose key is in flight. All functions are pure.
 *
 * A function that throws is a defect, and one subject pays for it, not the process: the state stays as it was, the subject is
 * set aside until later, and all others go on (F-27).
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
   * What a decided action leads to that has no effect on the world: it is folded at once, before anything else is taken in, so that
   * nothing can have changed since it was decided. Undefined, or absent: the action has an effect, and is carried out once the state is committed.
   */
  resolve?(state: State, action: Acts | Resolution, now: Instant): Step<State, Subject> | undefined
  /** How an action that had an effect ended. */
  settle(state: State, action: Acts, outcome: Outcome, now: Instant): Step<State, Subject>
  /**
   * The process could not hear for a while, or its clock was set (kernel/lapse.ts): the moments from which silence and waiting count are
   * moved by `ms`, so that nobody is judged by a time in which he could not be heard (H-37). Asked before anything else is taken in.
   * Touches all whom a moment concerns. Absent: the agent judges nobody by the clock.
   */
  lapsed?(state: State, ms: number, now: Instant): Step<State, Subject>
  /** As `lapsed`, of a process that ran all the time: its store refused what was said, and whoever said it will soon say it again. Absent: as `lapsed`. */
  unheard?(state: State, ms: number, now: Instant): Step<State, Subject>
  /** Nothing that is decided for this subject is ever stored: it is decided also while the store refuses (F-28). Absent: nobody is. */
  speaks?(subject: Subject): boolean
  /** Whom a message is about, and who is set aside when it throws; undefined, or absent: nobody but whoever sent it. */
  about?(message: Message): Subject | undefined
  /** The subject is set aside because of what was thrown, to be shown wherever its status is; `threw` undefined: it is no longer. Touches nobody whom that does not concern. */
  setAside(state: State, subject: Subject, threw: string | undefined, now: Instant): Step<State, Subject>
}
