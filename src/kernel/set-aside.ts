import type { Instant } from './instant.ts'
import type { Timers } from './timers.ts'

/** Which part of a subject threw: `receive` of a message, `decide`, or the outcome of an action, by its key. */
export type Part = 'receive' | 'decide' | `action ${string}`

/** Subjects with a part that has thrown, and how long that part rests (F-27). */
export interface SetAside<Subject> {
  /** Notes that it has thrown, perhaps again. True: this, or what was thrown, is new. */
  note(subject: Subject, part: Part, words: string, now: Instant): boolean
  /** Until when the part rests; undefined: it may be asked. */
  restsUntil(subject: Subject, part: Part, now: Instant): Instant | undefined
  /** Parts that have not succeeded since they threw. */
  parts(subject: Subject): readonly Part[]
  /** The part has succeeded. True: no part of the subject is set aside any more. */
  clear(subject: Subject, part: Part): boolean
}

interface Trouble {
  /** How often it has thrown before. */
  readonly times: number
  readonly from: Instant
  readonly words: string
}

/** With any timers, a defect must not make a busy loop. Origin: choice. */
const shortestRestMs = 1_000

/** Nobody is set aside yet; the rests grow as those of a role that fails (H-13). */
export function nobodySetAside<Subject>(rests: Timers['recycleDelays']): SetAside<Subject> {
  const troubles = new Map<Subject, Map<Part, Trouble>>()
  const restOf = (times: number) => Math.max(shortestRestMs, rests[Math.min(times, rests.length - 1)] ?? 0)
  /** Until when it rests. A rest that seems to begin later than now is over: the clock was set back. */
  const restOver = ({ times, from }: Trouble, now: Instant) => {
    const until = from + restOf(times)
    return from <= now && now < until ? until : undefined
  }
  return {
    note(subject, part, words, now) {
      const parts = troubles.get(subject) ?? new Map<Part, Trouble>()
      troubles.set(subject, parts)
      const before = parts.get(part)
      // It was asked again during its rest, because it was touched: its rest gets no longer.
      if (before && restOver(before, now) !== undefined) parts.set(part, { ...before, words })
      else parts.set(part, { times: before ? before.times + 1 : 0, from: now, words })
      return before?.words !== words
    },
    restsUntil(subject, part, now) {
      const trouble = troubles.get(subject)?.get(part)
      return trouble && restOver(trouble, now)
    },
    parts: (subject) => [...(troubles.get(subject)?.keys() ?? [])],
    clear(subject, part) {
      const parts = troubles.get(subject)
      if (!parts?.delete(part) || parts.size > 0) return false
      return troubles.delete(subject)
    },
  }
}

/** Longest shown text of what was thrown. Origin: choice. */
const longestWords = 300

/** What was thrown, in one line. */
export function thrownWords(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  return text.replace(/\s+/g, ' ').slice(0, longestWords)
}
