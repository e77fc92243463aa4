import { emptyAgenda } from './agenda.ts'
import type { Action, Agent, Step } from './agent.ts'
import type { Instant } from './instant.ts'

/** What a loop needs of the world that it runs in. */
export interface LoopParts<State, Message, Subject extends string, Acts extends Action, Outcome> {
  readonly agent: Agent<State, Message, Subject, Acts, Outcome>
  readonly state: State
  now(): Instant
  /** Calls `run` once, after what runs now. */
  soon(run: () => void): void
  /** Calls `wake` once, not before `at`; the answer cancels. */
  schedule(at: Instant, wake: () => void): () => void
  /** Makes the change durable and returns the state to go on with; undefined when the process has ended at it: nothing may be done that is not stored. */
  commit(state: State): State | undefined
  /** Carries an action out; `settled` is called once, when it has ended. */
  perform(action: Acts, settled: (outcome: Outcome) => void): void
  /** Called after each commit, before anything is performed. */
  changed(state: State): void
}

/** An agent that runs. */
export interface Loop<State, Message, Subject extends string> {
  /** `committed` is called when the message is part of the committed state; never when the loop stops before. */
  deliver(message: Message, committed?: () => void): void
  /** Asks `decide` for these subjects, as at start for all that were loaded. */
  touch(subjects: readonly Subject[]): void
  state(): State
  /** Takes nothing more in; actions in flight end by themselves. */
  stop(): void
}

interface Entry<State, Subject extends string> {
  fold(state: State, now: Instant): Step<State, Subject>
  committed?(): void
}

/**
 * Runs an agent: drains its inbox, folds, commits once, then acts. Only subjects that were touched or are due are asked;
 * one timer runs for the earliest of them, and an action whose key is in flight is held back.
 */
export function loopOf<State, Message, Subject extends string, Acts extends Action, Outcome>(
  parts: LoopParts<State, Message, Subject, Acts, Outcome>,
): Loop<State, Message, Subject> {
  const { agent } = parts
  let state = parts.state
  let inbox: Entry<State, Subject>[] = []
  let draining = false
  let stopped = false
  let alarm: { readonly at: Instant; cancel(): void } | undefined
  const pending = new Set<Subject>()
  const agenda = emptyAgenda<Subject>()
  const inFlight = new Set<string>()

  function enqueue(entry?: Entry<State, Subject>): void {
    if (stopped) return
    if (entry) inbox.push(entry)
    if (draining) return
    draining = true
    parts.soon(drain)
  }

  function drain(): void {
    draining = false
    if (stopped) return
    const batch = inbox
    inbox = []
    for (const entry of batch) {
      const step = entry.fold(state, parts.now())
      state = step.state
      for (const subject of step.touched) pending.add(subject)
    }
    const committed = parts.commit(state)
    if (committed === undefined) return stop()
    state = committed
    for (const entry of batch) entry.committed?.()
    parts.changed(state)
    decidePending()
  }

  function decidePending(): void {
    const now = parts.now()
    for (const subject of agenda.takeDue(now)) pending.add(subject)
    for (const subject of pending) {
      const { actions, wakeAt } = agent.decide(state, subject, now)
      agenda.put(subject, wakeAt)
      for (const action of actions) if (!inFlight.has(action.key)) begin(action, subject)
    }
    pending.clear()
    arm()
  }

  function begin(action: Acts, subject: Subject): void {
    inFlight.add(action.key)
    parts.perform(action, (outcome) => {
      inFlight.delete(action.key)
      enqueue({
        fold(before, now) {
          const step = agent.settle(before, action, outcome, now)
          return { state: step.state, touched: [...step.touched, subject] }
        },
      })
    })
  }

  function arm(): void {
    const at = agenda.next()
    if (stopped || at === alarm?.at) return
    alarm?.cancel()
    alarm = at === undefined ? undefined : { at, cancel: parts.schedule(at, ring) }
  }

  /** What was asked for at this moment is drained with it. */
  function ring(): void {
    alarm = undefined
    if (!draining) drain()
  }

  function stop(): void {
    stopped = true
    alarm?.cancel()
  }

  return {
    deliver(message, committed) {
      enqueue({ fold: (before, now) => agent.receive(before, message, now), ...(committed && { committed }) })
    },
    touch(subjects) {
      for (const subject of subjects) pending.add(subject)
      enqueue()
    },
    state: () => state,
    stop,
  }
}
