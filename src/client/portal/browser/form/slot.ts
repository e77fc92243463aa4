import type { Slot } from '../../../service-management/answers.ts'

/** The slot in a page's address, in any letter case; production for what is none. */
export function slotOf(word: string | undefined): Slot {
  return word?.toLowerCase() === 'staging' ? 'Staging' : 'Production'
}

/** Address of a service's Summary page. */
export function servicePath(service: string): string {
  return `/services/${encodeURIComponent(service)}`
}

/** Address of the page of a role instance. */
export function instancePath(service: string, slot: Slot, instance: string): string {
  return slotPath(service, slot, `instances/${encodeURIComponent(instance)}`)
}

/** Address of a page about a slot. */
export function slotPath(service: string, slot: Slot, page: string): string {
  return `${servicePath(service)}/${slot.toLowerCase()}/${page}`
}
