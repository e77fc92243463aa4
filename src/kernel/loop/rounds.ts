import type { Commit, Committer } from '../commit.ts'
import { type Fault, refused } from '../fault.ts'
import type { Instant } from '../instant.ts'
import type { Unstored } from '../store.ts'
import type { Alarm } from './alarm.ts'
import type { Entry, Taken } from './entry.ts'
import type { Folding } from './folding.ts'
import type { Inbox } from './inbox.ts'
import type { Lapses } from './lapses.ts'
import type { Refusals } from './refusals.ts'
import type { Troubles } from './troubles.ts'

/** What a round goes through. */
interface World<State, Subject extends string> {
  readonly inbox: Inbox<State, Subject>
  readonly folding: Folding<State, Subject>
  readonly lapses: Lapses
  readonly refusals: Refusals
  readonly troubles: Troubles<Subject>
  readonly alarm: Alarm
  readonly commit: Committer<State>
  /** True: nothing about that subject is ever stored. */
  speaks(subject: Subject): boolean
  now(): Instant
  soon(run: () => void): void
  changed(state: State): void
  /** Decides what is due; in a rest only for subjects that store nothing. True: that has folded something. */
  decide(asOf: Instant, isResting: boolean): boolean
  lost(why: Unstored): void
}

/** The rounds of a loop, one after the other: drain the inbox, fold, commit, decide. */
export interface Rounds<State, Subject extends string> {
  /** Asks for a round, in which the entry is folded. */
  enqueue(entry?: Entry<State, Subject>): void
  /** Begins one now, if none is requested; it also drains what came into the inbox at this moment. */
  ring(): void
  stop(): void
}

export function roundsOf<State, Subject extends string>(world: World<State, Subject>): Rounds<State, Subject> {
  const { inbox, folding } = world
  /** A drain is requested. */
  let draining = false
  let committing = false
  let stopped = false

  function enqueue(entry?: Entry<State, Subject>): void {
    if (stopped) return
    if (entry) inbox.put(entry)
    if (draining || committing) return
    draining = true
    world.soon(drain)
  }

  function drain(): void {
    draining = false
    if (stopped || committing) return
    const now = world.now()
    world.lapses.note(now)
    const batch = inbox
      .take(world.refusals.isResting(now))
      .map((entry) => ({ ...entry, fault: folding.take(entry, now) }))
    committing = true
    world.commit(folding.next(), (result) => {
      if (stopped) return
      committing = false
      end(result, batch, now)
      if (!inbox.isEmpty()) enqueue()
    })
  }

  function end(result: Commit<State>, batch: readonly Taken<State, Subject>[], drainedAt: Instant): void {
    if (result.outcome === 'committed') {
      if (goOn(world, result.state, batch, drainedAt)) enqueue()
    } else if (result.outcome === 'refused') goBack(world, result.reason, batch, drainedAt)
    else {
      stop()
      world.lost(result)
      return
    }
    world.alarm.arm()
  }

  function stop(): void {
    stopped = true
    world.alarm.stop()
  }

  return { enqueue, ring: () => void (draining || drain()), stop }
}

/** All readers see the committed state, and what follows from it is decided. True: that has folded something. */
function goOn<State, Subject extends string>(
  { folding, lapses, refusals, troubles, changed, decide }: World<State, Subject>,
  committed: State,
  batch: readonly Taken<State, Subject>[],
  drainedAt: Instant,
): boolean {
  folding.settle(committed)
  lapses.settle()
  refusals.clear(drainedAt)
  for (const { ended, fault } of batch) ended?.(fault)
  troubles.attempt(undefined, 'changed', () => changed(committed))
  return decide(drainedAt, refusals.isResting(drainedAt))
}

/**
 * The former state stays. Senders of its messages may send them again; outcomes of actions would otherwise be lost. They wait for the end of the
 * rest, but for those of which nothing is stored: these were refused for the others, and an agent whose report has not ended sends no other one.
 */
function goBack<State, Subject extends string>(
  { folding, inbox, refusals, speaks, now }: World<State, Subject>,
  reason: string,
  batch: readonly Taken<State, Subject>[],
  drainedAt: Instant,
): void {
  folding.undo()
  refusals.note(drainedAt, now())
  const outcomes = batch.filter(({ part }) => part !== 'receive')
  const isSpoken = ({ subject }: Taken<State, Subject>) => subject !== undefined && speaks(subject)
  // Without others it was not refused for them: it stores something after all, and tried again at once it would be refused for ever.
  const areAlone = batch.every((entry) => entry.part !== 'receive' && isSpoken(entry))
  inbox.hold(outcomes.filter((outcome) => areAlone || !isSpoken(outcome)))
  if (!areAlone) for (const outcome of outcomes) if (isSpoken(outcome)) inbox.put(outcome)
  for (const { part, ended, fault } of batch) if (part === 'receive') ended?.(fault ?? busyFault(reason))
}

function busyFault(reason: string): Fault {
  return refused('ServerBusy', `Nothing can be stored: ${reason} Nothing was changed. Try again later.`).fault
}
