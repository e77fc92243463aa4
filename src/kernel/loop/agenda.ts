import TinyQueue from 'tinyqueue'
import type { Instant } from '../instant.ts'

/** When subjects are to be asked again: one moment for each. */
export interface Agenda<Subject> {
  /** Sets the moment, replacing any other; undefined: the subject is not due by time alone. */
  put(subject: Subject, at: Instant | undefined): void
  /** When the subject is due; undefined: not by time alone. */
  at(subject: Subject): Instant | undefined
  /** Removes and answers those whose moment has come. */
  takeDue(now: Instant): readonly Subject[]
  /** The earliest moment at which a subject is still due: moments that were replaced wake nobody. */
  next(): Instant | undefined
}

export function emptyAgenda<Subject>(): Agenda<Subject> {
  const due = new Map<Subject, Instant>()
  /** Also holds replaced moments; they are skipped. */
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
