import { Map as Entries } from 'immutable'
import type { Answer as Found } from '../../../host/contract/report.ts'

/**
 * What the controller knows of its callers, beside its state; it is lost when the process ends. Each file of this folder says what one kind of call
 * waits for and how it is answered; open-desk.ts carries this out, in a process and in the simulator.
 */
export interface Desk {
  /** The highest version that each party has from this master: of its goal, or of the rotation. */
  readonly given: Entries<string, number>
  /** Open long polls of the load balancer. */
  readonly polls: number
  /** Questions to hosts whose answer a caller waits for, by ID, with the answer once it is there. */
  readonly questions: Entries<string, Found | undefined>
}

/** Entries written on the desk. */
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
