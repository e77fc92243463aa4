import type { Action, Agent } from './agent.ts'
import { atOnce, type Committer } from './commit.ts'
import type { Fault } from './fault.ts'
import type { Instant } from './instant.ts'
import { emptyAgenda } from './loop/agenda.ts'
import { alarmOf } from './loop/alarm.ts'
import { asking } from './loop/asking.ts'
import { noEffects } from './loop/effects.ts'
import { foldingFrom } from './loop/folding.ts'
import { emptyInbox } from './loop/inbox.ts'
import { noLapses } from './loop/lapses.ts'
import { noRefusals } from './loop/refusals.ts'
import { type Rounds, roundsOf } from './loop/rounds.ts'
import { type Defect, earliest, noTroubles } from './loop/troubles.ts'
import type { Unstored } from './store.ts'
import type { Timers } from './timers.ts'

/** What a loop needs from its world. */
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
  /** How long a subject rests when it is set aside; longer each time. */
  readonly rests: Timers['recycleDelays']
  now(): Instant
  /** By how much noted moments are to be moved, since the last call, in milliseconds; mostly 0 (kernel/lapse.ts). */
  lapse(): number
  /** Calls `run` once, after the present call. */
  soon(run: () => void): void
  /** Calls `wake` once, not before `at`; the answer cancels. */
  schedule(at: Instant, wake: () => void): () => void
  /** Makes the change durable: nothing is shown, sent or done before that. One is under way at a time. Absent: the agent stores nothing. */
  readonly commit?: Committer<State> | undefined
  /** Carries an action out; one of the two is called once, when it has ended or thrown. */
  perform(action: Acts, settled: (outcome: Outcome) => void, failed: (thrown: unknown) => void): void
  /** Called after each commit, before anything is performed. */
  changed(state: State): void
  /** Called once for each defect, for the person who has to mend it. */
  defect(defect: Defect<Subject>): void
  /**
   * Called once, when the stored state is unknown, or belongs to a newer master: the loop has stopped, and the process must end. Its next start reads
   * what is stored.
   */
  lost(why: Unstored): void
}

/** An agent that runs. */
export interface Loop<State, Message, Subject extends string> {
  /**
   * `ended` is called when the message is part of the committed state, or, with the fault, when it has changed nothing: InternalError when handling
   * it threw, ServerBusy when nothing can be stored now. Never called when the loop stops before: the message may then be stored, or not.
   */
  deliver(message: Message, ended?: (fault: Fault | undefined) => void): void
  /** Asks `decide` for these subjects; at start, for all that were loaded. */
  touch(subjects: readonly Subject[]): void
  state(): State
  /** True from the beginning of an action of that key until its outcome is part of the committed state. */
  isInFlight(key: string): boolean
  /** Takes nothing more in; actions in flight end by themselves. */
  stop(): void
}

/**
 * Runs an agent: drains its inbox, folds, commits once, then acts. Only subjects that were touched or are due are asked; one timer runs for the
 * earliest of them, and an action whose key is in flight is held back.
 *
 * A commit may take some time. Messages that come meanwhile wait for the next one, and until it has ended all readers see the former state. Decisions
 * after it count from the moment at which its inbox was drained: later messages are not heard yet. When it is refused, the former state stays.
 * Senders of its messages are told, and may try again. Outcomes of actions are folded again after a rest; in the rest nothing is decided that would
 * be stored, and no time counts against anybody. When it is unknown what is stored, the loop stops (F-28).
 *
 * A throw affects nobody else. A message that throws is refused and has changed nothing. When a decision or an action throws, its subject is set
 * aside, the agent is notified, and that decision or action rests, longer each time (F-27).
 */
export function loopOf<
  State,
  Message,
  Subject extends string,
  Acts extends Action,
  Outcome,
  Resolution extends Action = never,
>(parts: LoopParts<State, Message, Subject, Acts, Outcome, Resolution>): Loop<State, Message, Subject> {
  const { agent, now } = parts
  const pending = new Set<Subject>()
  const agenda = emptyAgenda<Subject>()
  const inbox = emptyInbox<State, Subject>()
  const refusals = noRefusals()
  const next = () =>
    agent.speaks ? earliest([refusals.restsUntil(), agenda.next()]) : (refusals.restsUntil() ?? agenda.next())
  const alarm = alarmOf({ next, schedule: parts.schedule, ring: () => rounds.ring() })
  const { rests, defect } = parts
  const tell = (subject: Subject, words: string | undefined) =>
    rounds.enqueue({ fold: (before, at) => agent.setAside(before, subject, words, at) })
  const troubles = noTroubles({ rests, agenda, now, defect, tell, arm: alarm.arm })
  const folding = foldingFrom(parts.state, { pending, troubles })
  const lapses = noLapses({ agent, folding, refusals, lapse: parts.lapse })
  const effects = noEffects({ agent, troubles, perform: parts.perform, enqueue: (entry) => rounds.enqueue(entry) })
  const decide = asking({ agent, folding, pending, agenda, troubles, effects, now })
  const commit = parts.commit ?? atOnce((unchanged) => unchanged)
  const rounds: Rounds<State, Subject> = roundsOf({
    ...parts,
    inbox,
    folding,
    lapses,
    refusals,
    troubles,
    alarm,
    commit,
    decide,
    speaks: (subject) => agent.speaks?.(subject) ?? false,
  })
  return {
    deliver(message, ended) {
      rounds.enqueue({
        subject: agent.about?.(message),
        part: 'receive',
        fold: (before, at) => agent.receive(before, message, at),
        ...(ended && { ended }),
      })
    },
    touch(subjects) {
      for (const subject of subjects) pending.add(subject)
      rounds.enqueue()
    },
    state: folding.committed,
    isInFlight: effects.isInFlight,
    stop: rounds.stop,
  }
}
