import type { Action } from '../agent.ts'
import type { Instant } from '../instant.ts'
import { nobodySetAside, type Part, thrownWords } from '../set-aside.ts'
import type { Timers } from '../timers.ts'
import type { Agenda } from './agenda.ts'

/** Something that threw and should not have: the subject, and what was being done. */
export interface Defect<Subject extends string> {
  readonly subject?: Subject | undefined
  readonly during: string
  readonly thrown: unknown
}

/** Subjects that threw: set aside, shown, and asked again when the rest is over (F-27). */
export interface Troubles<Subject extends string> {
  /** Sets aside the subject of what throws. */
  attempt<Value>(
    subject: Subject | undefined,
    part: Part | 'changed' | undefined,
    run: () => Value,
  ): { readonly value: Value } | { readonly threw: string }
  put(subject: Subject, part: Part, thrown: unknown): void
  clear(subject: Subject, part: Part): void
  /** An action that is no longer decided has no trouble any more. */
  clearForgone(subject: Subject, actions: readonly Action[]): void
  restsUntil(subject: Subject, part: Part, now: Instant): Instant | undefined
}

export function noTroubles<Subject extends string>(world: {
  readonly rests: Timers['recycleDelays']
  readonly agenda: Agenda<Subject>
  now(): Instant
  defect(defect: Defect<Subject>): void
  /** The agent is to show what was thrown; undefined: nothing any more. */
  tell(subject: Subject, words: string | undefined): void
  /** The agenda has changed. */
  arm(): void
}): Troubles<Subject> {
  const { agenda } = world
  const aside = nobodySetAside<Subject>(world.rests)

  function put(subject: Subject, part: Part, thrown: unknown): void {
    const now = world.now()
    const words = thrownWords(thrown)
    const isNews = aside.note(subject, part, words, now)
    // The code that asks for a decision puts it off. The outcome of an action is asked for again when its rest is over.
    if (part !== 'decide') agenda.put(subject, earliest([agenda.at(subject), aside.restsUntil(subject, part, now)]))
    world.arm()
    if (!isNews) return
    world.defect({ subject, during: part, thrown })
    world.tell(subject, words)
  }

  function clear(subject: Subject, part: Part): void {
    if (aside.clear(subject, part)) world.tell(subject, undefined)
  }

  return {
    attempt(subject, part, run) {
      try {
        return { value: run() }
      } catch (thrown) {
        if (subject === undefined || part === undefined || part === 'changed')
          world.defect({ during: part ?? 'receive', thrown })
        else put(subject, part, thrown)
        return { threw: thrownWords(thrown) }
      }
    },
    put,
    clear,
    clearForgone(subject, actions) {
      const wanted = new Set<Part>(actions.map(partOf))
      for (const part of aside.parts(subject)) if (part.startsWith('action ') && !wanted.has(part)) clear(subject, part)
    },
    restsUntil: aside.restsUntil,
  }
}

/** The name under which an action rests. */
export function partOf({ key }: Action): Part {
  return `action ${key}`
}

export function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
