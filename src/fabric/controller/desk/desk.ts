import { Map as Entries } from 'immutable'
import type { Answer as Found } from '../../../host/contract/report.ts'

/**
 * What the controller knows of those who call it, beside its state: nothing of it outlives the process. Each file of this folder
 * says what one kind of call waits for and is answered; open-desk.ts carries it out, in a process and in the simulator.
 */
export interface Desk {
  /** The highest version that each party has of this master: of its goal, or of the rotation. */
  readonly given: Entries<string, number>
  /** Long polls of the load balancer that are open. */
  readonly polls: number
  /** Questions to hosts for whose answer somebody waits, by ID, with the answer once it is there. */
  readonly questions: Entries<string, Found | undefined>
}

/** What is written down on the desk. */
export type Note =
  | { readonly kind: 'given'; readonly party: string; readonly version: number }
  | { readonly kind: 'pollOpened' }
  | { readonly kind: 'pollEnded' }
  | { readonly kind: 'asked'; readonly id: string }
  | { readonly kind: 'found'; readonly id: string; readonly found: Found }
  | { readonly kind: 'questionEnded'; readonly id: string }

export const emptyDesk: Desk = { given: Entries(), polls: 0, questions: Entries() }

export function noted(desk: Desk, note: Note): Desk {
  switch (note.kind) {
    case 'given':
      return { ...desk, given: desk.given.update(note.party, 0, (known) => Math.max(known, note.version)) }
    case 'pollOpened':
      return { ...desk, polls: desk.polls + 1 }
    case 'pollEnded':
      return { ...desk, polls: desk.polls - 1 }
    case 'asked':
      return { ...desk, questions: desk.questions.set(note.id, undefined) }
    case 'found':
      return desk.questions.has(note.id) ? { ...desk, questions: desk.questions.set(note.id, note.found) } : desk
    case 'questionEnded':
      return { ...desk, questions: desk.questions.delete(note.id) }
  }
}
