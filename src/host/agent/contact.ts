import type { Contact, HostState } from './state.ts'

/** With what an agent of a fabric of several machines starts: what it has stored may be out of date. */
export function contactAtStart({ goal }: Pick<HostState, 'goal'>): Contact | undefined {
  return goal.roads && goal.roads.length > 0 ? { startsNothing: true } : undefined
}

/** Whether guests that do not run may start. */
export function mayStart({ contact }: Pick<HostState, 'contact'>): boolean {
  return contact === undefined || !(contact.startsNothing || contact.isolated !== undefined)
}

/** Whether guests end at once: there is no time for a graceful stop. */
export function isCut({ power, contact }: Pick<HostState, 'power' | 'contact'>): boolean {
  return power === 'cut' || contact?.isolated !== undefined
}

/** The goal was asked for after the newest registration: it is the master's of now. */
export function isOfNow({ reporting }: HostState, registration: number | undefined): boolean {
  return reporting.registered && registration === reporting.registrations
}
