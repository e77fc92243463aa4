import TinyQueue from 'tinyqueue'
import type { Action, Agent, Step } from './agent.ts'
import type { Instant } from './instant.ts'

/** What a driver needs of the world. */
export interface DriverParts<State, Message, Subject extends string, Acts extends Action, Outcome> {
  readonly agent: Agent<State, Message, Subject, Acts, Outcome>
  readonly state: State
  now(): Instant
  /** Calls `wake` once, not before `at`; the answer cancels. */
  schedule(at: Instant, wake: () => void): () => void
  /** Makes the change durable and returns the state to go on with. What it throws ends the process: nothing may be done that is not stored. */
  commit(state: State): State
  /** Carries an action out. What users and networks do wrong is an outcome; a rejection is a defect and ends the process. */
  perform(action: Acts): Promise<Outcome>
  /** Called after each commit, before anything is performed. */
  changed?(state: State): void
}

export interface Driver<State, Message, Subject extends string> {
  /** Resolves when the message is part of the committed state. */
  deliver(message: Message): Promise<void>
  /** Asks `decide` for these subjects, as at start for all that were loaded. */
  touch(subjects: readonly Subject[]): void
  state(): State
  /** Takes nothing more in; actions in flight end by themselves. */
  stop(): void
}

interface Entry<State, Subject extends string> {
  fold(state: State, now: Instant): Step<State, Subject>
  committed(): void
}

/**
 * Runs an agent: drains its inbox, folds, commits once, then acts. Only subjects that were touched or are due are asked;
 * one timer runs for the earliest of them, and an action whose key is in flight is held back.
 */
export function drive<State, Message, Subject extends string, Acts extends Action, Outcome>(
  parts: DriverParts<State, Message, Subject, Acts, Outcome>,
): Driver<State, Message, Subject> {
  let state = parts.state
  let inbox: Entry<State, Subject>[] = []
  let draining = false
  let stopped = false
  let cancelTimer = () => {}
  const pending = new Set<Subject>()
  const due = new Map<Subject, Instant>()
  const heap = new TinyQueue<{ at: Instant; subject: Subject }>([], (a, b) => a.at - b.at)
  const inFlight = new Set<string>()

  function enqueue(entry?: Entry<State, Subject>): void {
    if (entry) inbox.push(entry)
    if (draining || stopped) return
    draining = true
    setImmediate(drain)
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
    state = parts.commit(state)
    for (const entry of batch) entry.committed()
    parts.changed?.(state)
    decidePending()
  }

  function decidePending(): void {
    const now = parts.now()
    for (let next = heap.peek(); next && next.at <= now; next = heap.peek()) {
      heap.pop()
      if (due.get(next.subject) === next.at) pending.add(next.subject)
    }
    for (const subject of pending) {
      const { actions, wakeAt } = parts.agent.decide(state, subject, now)
      if (wakeAt === undefined) due.delete(subject)
      else if (due.get(subject) !== wakeAt) {
        due.set(subject, wakeAt)
        heap.push({ at: wakeAt, subject })
      }
      for (const action of actions) if (!inFlight.has(action.key)) begin(action, subject)
    }
    pending.clear()
    arm()
  }

  function begin(action: Acts, subject: Subject): void {
    inFlight.add(action.key)
    void parts.perform(action).then((outcome) => {
      inFlight.delete(action.key)
      enqueue({
        fold(before, now) {
          const step = parts.agent.settle(before, action, outcome, now)
          return { state: step.state, touched: [...step.touched, subject] }
        },
        committed() {},
      })
    })
  }

  /** The earliest moment at which somebody is still due: nobody wakes for one that was put off. */
  function nextDue(): { readonly at: Instant } | undefined {
    let next = heap.peek()
    while (next && due.get(next.subject) !== next.at) {
      heap.pop()
      next = heap.peek()
    }
    return next
  }

  function arm(): void {
    cancelTimer()
    const next = nextDue()
    if (!next || stopped) return
    cancelTimer = parts.schedule(next.at, () => enqueue())
  }

  return {
    deliver(message) {
      return new Promise((resolve) => {
        enqueue({ fold: (before, now) => parts.agent.receive(before, message, now), committed: resolve })
      })
    },
    touch(subjects) {
      for (const subject of subjects) pending.add(subject)
      enqueue()
    },
    state: () => state,
    stop() {
      stopped = true
      cancelTimer()
    },
  }
}
