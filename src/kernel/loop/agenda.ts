import TinyQueue from 'tinyqueue'
import type { Instant } from '../instant.ts'

/** When subjects are to be asked again: one moment for each. */
export interface Agenda<Subject> {
  /** Sets the moment, in place of an earlier or later one; undefined: the subject is not due by time alone. */
  put(subject: Subject, at: Instant | undefined): void
  /** When the subject is due; undefined: not by time alone. */
  at(subject: Subject): Instant | undefined
  /** Takes those off whose moment has come. */
  takeDue(now: Instant): readonly Subject[]
  /** The earliest moment at which somebody is still due: nobody wakes for one that was put off. */
  next(): Instant | undefined
}

export function emptyAgenda<Subject>(): Agenda<Subject> {
  const due = new Map<Subject, Instant>()
  /** Holds moments that were put off, too; they are passed over. */
  const heap = new TinyQueue<{ at: Instant; subject: Subject }>([], (a, b) => a.at - b.at)

  return {
    put(subject, at) {
      if (at === undefined) due.delete(subject)
      else if (due.get(subject) !== at) {
        due.set(subject, at)
        heap.push({ at, subject })
      }
    },
    at: (subject) => due.get(subject),
    takeDue(now) {
      const taken: Subject[] = []
      for (let first = heap.peek(); first && first.at <= now; first = heap.peek()) {
        heap.pop()
        if (due.get(first.subject) === first.at) taken.push(first.subject)
      }
      return taken
    },
    next() {
      let first = heap.peek()
      while (first && due.get(first.subject) !== first.at) {
        heap.pop()
        first = heap.peek()
      }
      return first?.at
    },
  }
}
