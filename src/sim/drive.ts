import TinyQueue from 'tinyqueue'
import type { Action, Agent, Step } from '../kernel/agent.ts'
import type { Instant } from '../kernel/instant.ts'
import type { VirtualClock } from './clock.ts'

/** What the simulator's driver needs: `DriverParts` of the kernel without promises, so that a run is the same every time. */
interface Parts<State, Message, Subject extends string, Acts extends Action, Outcome> {
  readonly agent: Agent<State, Message, Subject, Acts, Outcome>
  readonly state: State
  readonly clock: VirtualClock
  /** What it throws ends the process, as on Linux: nothing is done that is not stored. */
  commit(state: State): State
  perform(action: Acts, settled: (outcome: Outcome) => void): void
  changed(state: State): void
  /** Called once, when a commit has ended the process. */
  died(error: unknown): void
}

export interface SimulatedDriver<State, Message, Subject extends string> {
  /** `committed` is called when the message is part of the committed state; never when the process ends before. */
  deliver(message: Message, committed?: () => void): void
  touch(subjects: readonly Subject[]): void
  state(): State
  stop(): void
}

interface Entry<State, Subject extends string> {
  fold(state: State, now: Instant): Step<State, Subject>
  committed?(): void
}

/**
 * Runs an agent as `kernel/drive` does, on the virtual clock: drains its inbox, folds, commits once, asks the subjects that
 * were touched or are due, and holds back an action whose key is in flight.
 */
export function drive<State, Message, Subject extends string, Acts extends Action, Outcome>(
  parts: Parts<State, Message, Subject, Acts, Outcome>,
): SimulatedDriver<State, Message, Subject> {
  const { agent, clock } = parts
  let state = parts.state
  let inbox: Entry<State, Subject>[] = []
  let draining = false
  let stopped = false
  let alarm: { readonly at: Instant; cancel(): void } | undefined
  const pending = new Set<Subject>()
  const due = new Map<Subject, Instant>()
  const heap = new TinyQueue<{ at: Instant; subject: Subject }>([], (a, b) => a.at - b.at)
  const inFlight = new Set<string>()

  function enqueue(entry?: Entry<State, Subject>): void {
    if (stopped) return
    if (entry) inbox.push(entry)
    if (draining) return
    draining = true
    clock.schedule(clock.now(), drain)
  }

  function drain(): void {
    draining = false
    if (stopped) return
    const batch = inbox
    inbox = []
    for (const entry of batch) {
      const step = entry.fold(state, clock.now())
      state = step.state
      for (const subject of step.touched) pending.add(subject)
    }
    try {
      state = parts.commit(state)
    } catch (error) {
      stop()
      parts.died(error)
      return
    }
    for (const entry of batch) entry.committed?.()
    parts.changed(state)
    decidePending()
  }

  function decidePending(): void {
    const now = clock.now()
    for (let next = heap.peek(); next && next.at <= now; next = heap.peek()) {
      heap.pop()
      if (due.get(next.subject) === next.at) pending.add(next.subject)
    }
    for (const subject of pending) {
      const { actions, wakeAt } = agent.decide(state, subject, now)
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

  /** The earliest moment at which somebody is still due: a moment that was put off is forgotten. */
  function nextDue(): { readonly at: Instant } | undefined {
    let next = heap.peek()
    while (next && due.get(next.subject) !== next.at) {
      heap.pop()
      next = heap.peek()
    }
    return next
  }

  function arm(): void {
    const next = nextDue()
    if (next?.at === alarm?.at) return
    alarm?.cancel()
    alarm = next && {
      at: next.at,
      cancel: clock.schedule(next.at, () => {
        alarm = undefined
        // What was asked for at this moment is drained with it.
        if (!draining) drain()
      }),
    }
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
