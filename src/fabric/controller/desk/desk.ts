import { Map as Entries } from 'immutable'
import type { Answer as Found } from '../../../host/contract/report.ts'

/**
 * What the controller knows of its callers, beside its state; it is lost when the process ends. Each file of this folder says what one kind of call
 * waits for and how it is answered; open-desk.ts carries this out, in a process and in the simulator.
 */
export interface Desk {
  /** The highest version that each party has from this master: of its goal, or of the rotation. */
  readonly given: Entries<string, number>
  readonly polls: Entries<string, Polls>
  /** Questions to hosts whose answer a caller waits for, by ID, with the answer once it is there. */
  readonly questions: Entries<string, Found | undefined>
}

/** The long polls of a load balancer. */
export interface Polls {
  readonly open: number
  /** How many have begun since the controller has. */
  readonly begun: number
}

export const noPolls: Polls = { open: 0, begun: 0 }

/** Entries written on the desk. */
export type Note =
  | { readonly kind: 'given'; readonly party: string; readonly version: number }
  | { readonly kind: 'pollOpened'; readonly party: string }
  | { readonly kind: 'pollEnded'; readonly party: string }
  | { readonly kind: 'asked'; readonly id: string }
  | { readonly kind: 'found'; readonly id: string; readonly found: Found }
  | { readonly kind: 'questionEnded'; readonly id: string }

export const emptyDesk: Desk = { given: Entries(), polls: Entries(), questions: Entries() }

export function noted(desk: Desk, note: Note): Desk {
  switch (note.kind) {
    case 'given':
      return { ...desk, given: desk.given.update(note.party, 0, (known) => Math.max(known, note.version)) }
    case 'pollOpened':
      return {
        ...desk,
        polls: desk.polls.update(note.party, noPolls, ({ open, begun }) => ({ open: open + 1, begun: begun + 1 })),
      }
    case 'pollEnded':
      return {
        ...desk,
        polls: desk.polls.update(note.party, noPolls, ({ open, begun }) => ({ open: open - 1, begun })),
      }
    case 'asked':
      return { ...desk, questions: desk.questions.set(note.id, undefined) }
    case 'found':
      return desk.questions.has(note.id) ? { ...desk, questions: desk.questions.set(note.id, note.found) } : desk
    case 'questionEnded':
      return { ...desk, questions: desk.questions.delete(note.id) }
  }
}
