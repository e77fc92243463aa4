import { emptyAgenda } from './agenda.ts'
import type { Action, Agent, Step } from './agent.ts'
import type { Instant } from './instant.ts'
import { nobodySetAside, type Part, thrownWords } from './set-aside.ts'
import type { Timers } from './timers.ts'

/** Something that threw and should not have: about whom, while doing what. */
export interface Defect<Subject extends string> {
  readonly subject?: Subject | undefined
  readonly during: string
  readonly thrown: unknown
}

/** What a loop needs of the world that it runs in. */
export interface LoopParts<
  State,
  Message,
  Subject extends string,
  Acts extends Action,
  Outcome,
  Resolution extends Action = never,
> {
  readonly agent: Agent<State, Message, Subject, Acts, Outcome, Resolution>
  readonly state: State
  /** How long who is set aside rests: each time longer. */
  readonly rests: Timers['recycleDelays']
  now(): Instant
  /** By how much moments that were noted are to be moved since it was asked last, in milliseconds; mostly 0 (kernel/lapse.ts). */
  lapse(): number
  /** Calls `run` once, after what runs now. */
  soon(run: () => void): void
  /** Calls `wake` once, not before `at`; the answer cancels. */
  schedule(at: Instant, wake: () => void): () => void
  /** Makes the change durable and returns the state to go on with; undefined when the process has ended at it: nothing may be done that is not stored. */
  commit(state: State): State | undefined
  /** Carries an action out; one of both is called once, when it has ended, or has thrown. */
  perform(action: Acts, settled: (outcome: Outcome) => void, failed: (thrown: unknown) => void): void
  /** Called after each commit, before anything is performed. */
  changed(state: State): void
  /** Told of each defect once, for whoever has to mend it. */
  defect(defect: Defect<Subject>): void
}

/** An agent that runs. */
export interface Loop<State, Message, Subject extends string> {
  /** `ended` is called when the message is part of the committed state, or, with what was thrown, when it is refused; never when the loop stops before. */
  deliver(message: Message, ended?: (threw: string | undefined) => void): void
  /** Asks `decide` for these subjects, as at start for all that were loaded. */
  touch(subjects: readonly Subject[]): void
  state(): State
  /** Takes nothing more in; actions in flight end by themselves. */
  stop(): void
}

interface Entry<State, Subject extends string> {
  readonly subject?: Subject | undefined
  readonly part?: Part | undefined
  fold(state: State, now: Instant): Step<State, Subject>
  ended?(threw: string | undefined): void
}

/**
 * Runs an agent: drains its inbox, folds, commits once, then acts. Only subjects that were touched or are due are asked;
 * one timer runs for the earliest of them, and an action whose key is in flight is held back.
 *
 * What throws costs nobody else anything: a message that throws is refused and has changed nothing; a subject of which a decision
 * or an action throws is set aside, which the agent is told, and that decision or action rests, longer each time (F-27).
 */
export function loopOf<
  State,
  Message,
  Subject extends string,
  Acts extends Action,
  Outcome,
  Resolution extends Action = never,
>(parts: LoopParts<State, Message, Subject, Acts, Outcome, Resolution>): Loop<State, Message, Subject> {
  const { agent } = parts
  /** Committed: what everybody sees. */
  let state = parts.state
  /** With all that was folded since. */
  let next = state
  let inbox: Entry<State, Subject>[] = []
  let draining = false
  let stopped = false
  let alarm: { readonly at: Instant; cancel(): void } | undefined
  const pending = new Set<Subject>()
  const agenda = emptyAgenda<Subject>()
  const inFlight = new Set<string>()
  const aside = nobodySetAside<Subject>(parts.rests)

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
    noteLapse()
    const batch = inbox
    inbox = []
    const ends = batch.map((entry) => {
      const threw = take(entry)
      return () => entry.ended?.(threw)
    })
    const committed = parts.commit(next)
    if (committed === undefined) return stop()
    state = committed
    next = committed
    for (const end of ends) end()
    attempt(undefined, 'changed', () => parts.changed(state))
    decidePending()
  }

  function noteLapse(): void {
    const ms = parts.lapse()
    const { lapsed } = agent
    if (ms !== 0 && lapsed) take({ fold: (before, now) => lapsed(before, ms, now) })
  }

  /** Folds one entry; what it threw is the answer, and the state is then as it was before. */
  function take({ subject, part, fold }: Entry<State, Subject>): string | undefined {
    const folded = attempt(subject, part, () => fold(next, parts.now()))
    if ('threw' in folded) return folded.threw
    next = folded.value.state
    for (const one of folded.value.touched) pending.add(one)
    if (subject !== undefined && part !== undefined) clear(subject, part)
    return undefined
  }

  function decidePending(): void {
    const now = parts.now()
    for (const subject of agenda.takeDue(now)) pending.add(subject)
    const asked = [...pending]
    pending.clear()
    for (const subject of asked) ask(subject, now)
    // What was folded is to be committed, and then they are asked again.
    if (pending.size > 0) enqueue()
    arm()
  }

  function ask(subject: Subject, now: Instant): void {
    const decided = attempt(subject, 'decide', () => agent.decide(next, subject, now))
    if ('threw' in decided) return agenda.put(subject, aside.restsUntil(subject, 'decide', now))
    const { actions, wakeAt, thrown } = decided.value
    if (thrown) put(subject, 'decide', thrown.error)
    else clear(subject, 'decide')
    clearForgone(subject, actions)
    const resting = actions.flatMap((action) => aside.restsUntil(subject, partOf(action), now) ?? [])
    agenda.put(subject, earliest([...resting, wakeAt, thrown && aside.restsUntil(subject, 'decide', now)]))
    for (const action of actions)
      if (!inFlight.has(action.key) && aside.restsUntil(subject, partOf(action), now) === undefined)
        carryOut(action, subject, now)
  }

  /** Folds what has no effect at once. Effects wait for all that is folded to be committed: their subject is asked again then. */
  function carryOut(action: Acts | Resolution, subject: Subject, now: Instant): void {
    const resolved = attempt(subject, partOf(action), () => agent.resolve?.(next, action, now))
    if ('threw' in resolved) return
    if (resolved.value) {
      next = resolved.value.state
      for (const one of [...resolved.value.touched, subject]) pending.add(one)
      clear(subject, partOf(action))
    } else if (pending.size > 0) pending.add(subject)
    else begin(action as Acts, subject)
  }

  function begin(action: Acts, subject: Subject): void {
    const part = partOf(action)
    const settled = (outcome: Outcome) => {
      inFlight.delete(action.key)
      enqueue({
        subject,
        part,
        fold(before, now) {
          const step = agent.settle(before, action, outcome, now)
          return { state: step.state, touched: [...step.touched, subject] }
        },
      })
    }
    const failed = (thrown: unknown) => {
      inFlight.delete(action.key)
      put(subject, part, thrown)
    }
    inFlight.add(action.key)
    parts.perform(action, settled, failed)
  }

  /** Sets the subject of what throws aside. */
  function attempt<Value>(
    subject: Subject | undefined,
    part: Part | 'changed' | undefined,
    run: () => Value,
  ): { readonly value: Value } | { readonly threw: string } {
    try {
      return { value: run() }
    } catch (thrown) {
      if (subject === undefined || part === undefined || part === 'changed')
        parts.defect({ during: part ?? 'receive', thrown })
      else put(subject, part, thrown)
      return { threw: thrownWords(thrown) }
    }
  }

  function put(subject: Subject, part: Part, thrown: unknown): void {
    const now = parts.now()
    const words = thrownWords(thrown)
    const isNews = aside.note(subject, part, words, now)
    // A decision is put off by who asked for it; what came of an action is asked for again when its rest is over.
    if (part !== 'decide') agenda.put(subject, earliest([agenda.at(subject), aside.restsUntil(subject, part, now)]))
    arm()
    if (!isNews) return
    parts.defect({ subject, during: part, thrown })
    tell(subject, words)
  }

  function clear(subject: Subject, part: Part): void {
    if (aside.clear(subject, part)) tell(subject, undefined)
  }

  /** An action that is not decided any more has no trouble any more. */
  function clearForgone(subject: Subject, actions: readonly Action[]): void {
    const wanted = new Set<Part>(actions.map(partOf))
    for (const part of aside.parts(subject)) if (part.startsWith('action ') && !wanted.has(part)) clear(subject, part)
  }

  function tell(subject: Subject, words: string | undefined): void {
    enqueue({ fold: (before, now) => agent.setAside(before, subject, words, now) })
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
    deliver(message, ended) {
      enqueue({
        subject: agent.about?.(message),
        part: 'receive',
        fold: (before, now) => agent.receive(before, message, now),
        ...(ended && { ended }),
      })
    },
    touch(subjects) {
      for (const subject of subjects) pending.add(subject)
      enqueue()
    },
    state: () => state,
    stop,
  }
}

function partOf({ key }: Action): Part {
  return `action ${key}`
}

function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
