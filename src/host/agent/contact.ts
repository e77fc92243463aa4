import type { Contact, Container, HostState } from './state.ts'

/** With what an agent of a fabric of several machines starts: what it has stored may be out of date. */
export function contactAtStart({ goal }: Pick<HostState, 'goal'>): Contact | undefined {
  return hasOthers({ goal }) ? { startsNothing: true } : undefined
}

/** Whether guests that do not run may start. */
export function mayStart({ contact }: Pick<HostState, 'contact'>): boolean {
  return contact === undefined || !(contact.startsNothing || contact.isolated !== undefined)
}

/**
 * Whether a guest ends at once, without a graceful stop: the host is isolated, or the guest is in no goal any more, and among several machines runs on
 * another one by now. One that is to be deleted is in the goal until it is gone.
 */
export function isCut(
  state: Pick<HostState, 'power' | 'contact' | 'goal'>,
  { goal }: Pick<Container, 'goal'>,
): boolean {
  return state.power === 'cut' || state.contact?.isolated !== undefined || (goal === undefined && hasOthers(state))
}

/** Whether the fabric has other machines. */
export function hasOthers({ goal }: Pick<HostState, 'goal'>): boolean {
  return (goal.roads ?? []).length > 0
}

/** The goal was asked for after the newest registration: it is the master's of now. */
export function isOfNow({ reporting }: HostState, registration: number | undefined): boolean {
  return reporting.registered && registration === reporting.registrations
}
