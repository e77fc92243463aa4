import { emptyAgenda } from './agenda.ts'
import type { Action, Agent, Step } from './agent.ts'
import { defectFault } from './attempt.ts'
import { atOnce, type Committer } from './commit.ts'
import { type Fault, refused } from './fault.ts'
import type { Instant } from './instant.ts'
import { noRefusals } from './refusals.ts'
import { nobodySetAside, type Part, thrownWords } from './set-aside.ts'
import type { Unstored } from './store.ts'
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
  /** Makes the change durable: nothing is seen, said or done before that. One is under way at a time. Absent: the agent stores nothing. */
  readonly commit?: Committer<State> | undefined
  /** Carries an action out; one of both is called once, when it has ended, or has thrown. */
  perform(action: Acts, settled: (outcome: Outcome) => void, failed: (thrown: unknown) => void): void
  /** Called after each commit, before anything is performed. */
  changed(state: State): void
  /** Told of each defect once, for whoever has to mend it. */
  defect(defect: Defect<Subject>): void
  /** Called once, when what is stored is not known any more, or belongs to a newer master: the loop has stopped, and the process is to end. Its next start reads what is so. */
  lost(why: Unstored): void
}

/** An agent that runs. */
export interface Loop<State, Message, Subject extends string> {
  /**
   * `ended` is called when the message is part of the committed state, or, with the fault, when it has changed nothing: InternalError
   * when it was thrown at, ServerBusy when nothing can be stored now. Never when the loop stops before: the message may then be stored, or not.
   */
  deliver(message: Message, ended?: (fault: Fault | undefined) => void): void
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
  readonly ended?: ((fault: Fault | undefined) => void) | undefined
}

interface Taken<State, Subject extends string> extends Entry<State, Subject> {
  /** Of what it threw. */
  readonly fault: Fault | undefined
}

/**
 * Runs an agent: drains its inbox, folds, commits once, then acts. Only subjects that were touched or are due are asked;
 * one timer runs for the earliest of them, and an action whose key is in flight is held back.
 *
 * A commit may take its time: what comes meanwhile waits for the next one, and until it has ended everybody sees the state before. What
 * is decided after it is decided as of the moment at which its inbox was drained: who spoke since has not been heard yet. When it is
 * refused, the state before stands. Whoever sent a message of it is told so and may try again; what came of actions is folded again
 * after a rest, in which nothing is decided and nobody grows older. When what is stored is not known, the loop stops (F-28).
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
  const commit = parts.commit ?? atOnce((unchanged) => unchanged)
  /** Committed: what everybody sees. */
  let state = parts.state
  /** With all that was folded since. */
  let next = state
  let inbox: Entry<State, Subject>[] = []
  /** A drain is asked for. */
  let draining = false
  let committing = false
  let stopped = false
  /** What is folded again after the rest that follows a refusal. */
  let held: readonly Entry<State, Subject>[] = []
  /** The lapse that is no part of the committed state yet. */
  let lapsedMs = 0
  let alarm: { readonly at: Instant; cancel(): void } | undefined
  const pending = new Set<Subject>()
  const agenda = emptyAgenda<Subject>()
  const inFlight = new Set<string>()
  const aside = nobodySetAside<Subject>(parts.rests)
  const refusals = noRefusals()

  function enqueue(entry?: Entry<State, Subject>): void {
    if (stopped) return
    if (entry) inbox.push(entry)
    if (draining || committing) return
    draining = true
    parts.soon(drain)
  }

  function drain(): void {
    draining = false
    if (stopped || committing) return
    const now = parts.now()
    noteLapse(now)
    const batch = takeInbox(now).map((entry) => ({ ...entry, fault: take(entry) }))
    committing = true
    commit(next, (result) => {
      if (stopped) return
      committing = false
      if (result.outcome === 'committed') goOn(result.state, batch, now)
      else if (result.outcome === 'refused') goBack(result.reason, batch, now)
      else {
        stop()
        parts.lost(result)
      }
      if (inbox.length > 0) enqueue()
    })
  }

  function takeInbox(now: Instant): readonly Entry<State, Subject>[] {
    const isResting = refusals.isResting(now)
    const taken = isResting ? inbox : [...held, ...inbox]
    if (!isResting) held = []
    inbox = []
    return taken
  }

  function noteLapse(now: Instant): void {
    lapsedMs += parts.lapse()
    const deafMs = refusals.deafMs(now)
    const { lapsed, unheard = lapsed } = agent
    if (lapsedMs !== 0 && lapsed) take({ fold: (before) => lapsed(before, lapsedMs, now) })
    if (deafMs !== 0 && unheard) take({ fold: (before) => unheard(before, deafMs, now) })
  }

  /** Everybody sees the committed state, and what follows from it is decided. */
  function goOn(committed: State, batch: readonly Taken<State, Subject>[], drainedAt: Instant): void {
    state = committed
    next = committed
    lapsedMs = 0
    refusals.clear(drainedAt)
    for (const { ended, fault } of batch) ended?.(fault)
    attempt(undefined, 'changed', () => parts.changed(state))
    if (!refusals.isResting(drainedAt)) decidePending(drainedAt)
    arm()
  }

  /** The state before stands. Whoever sent a message of it may send it again; what came of actions nobody else would say. */
  function goBack(reason: string, batch: readonly Taken<State, Subject>[], drainedAt: Instant): void {
    next = state
    refusals.note(drainedAt, parts.now())
    held = [...held, ...batch.filter(({ part }) => part !== 'receive')]
    for (const { part, ended, fault } of batch) if (part === 'receive') ended?.(fault ?? busyFault(reason))
    arm()
  }

  /** Folds one entry; the answer says what it threw, and the state is then as it was before. */
  function take({ subject, part, fold }: Entry<State, Subject>): Fault | undefined {
    const folded = attempt(subject, part, () => fold(next, parts.now()))
    if ('threw' in folded) return defectFault(folded.threw)
    next = folded.value.state
    for (const one of folded.value.touched) pending.add(one)
    if (subject !== undefined && part !== undefined) clear(subject, part)
    return undefined
  }

  function decidePending(asOf: Instant): void {
    for (const subject of agenda.takeDue(asOf)) pending.add(subject)
    const asked = [...pending]
    pending.clear()
    for (const subject of asked) ask(subject, asOf)
    // What was folded is to be committed, and then they are asked again.
    if (pending.size > 0) enqueue()
  }

  function ask(subject: Subject, asOf: Instant): void {
    const decided = attempt(subject, 'decide', () => agent.decide(next, subject, asOf))
    const now = parts.now()
    if ('threw' in decided) return agenda.put(subject, aside.restsUntil(subject, 'decide', now))
    const { actions, wakeAt, thrown } = decided.value
    if (thrown) put(subject, 'decide', thrown.error)
    else clear(subject, 'decide')
    clearForgone(subject, actions)
    const resting = actions.flatMap((action) => aside.restsUntil(subject, partOf(action), now) ?? [])
    agenda.put(subject, earliest([...resting, wakeAt, thrown && aside.restsUntil(subject, 'decide', now)]))
    for (const action of actions)
      if (!inFlight.has(action.key) && aside.restsUntil(subject, partOf(action), now) === undefined)
        carryOut(action, subject, asOf)
  }

  /** Folds what has no effect at once. Effects wait for all that is folded to be committed: their subject is asked again then. */
  function carryOut(action: Acts | Resolution, subject: Subject, asOf: Instant): void {
    const resolved = attempt(subject, partOf(action), () => agent.resolve?.(next, action, asOf))
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
      enqueue({
        subject,
        part,
        fold(before, now) {
          const step = agent.settle(before, action, outcome, now)
          return { state: step.state, touched: [...step.touched, subject] }
        },
        // Until its outcome is committed, it would be decided again.
        ended: () => inFlight.delete(action.key),
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
    const at = refusals.restsUntil() ?? agenda.next()
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

function busyFault(reason: string): Fault {
  return refused('ServerBusy', `Nothing can be stored: ${reason} Nothing was changed. Try again later.`).fault
}

function partOf({ key }: Action): Part {
  return `action ${key}`
}

function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
