import type { Slot } from '../../../service-management/answers.ts'

/** The address of the page of a cloud service. */
export function servicePath(service: string): string {
  return `/services/${encodeURIComponent(service)}`
}

/** The address of a page about what is in a slot. */
export function slotPath(service: string, slot: Slot, page: string): string {
  return `${servicePath(service)}/${slot.toLowerCase()}/${page}`
}

export function instancePath(service: string, slot: Slot, instance: string): string {
  return slotPath(service, slot, `instances/${encodeURIComponent(instance)}`)
}

/** The slot that an address names, in any letter case. */
export function slotNamed(word: string | undefined): Slot | undefined {
  const slots: readonly Slot[] = ['Production', 'Staging']
  return slots.find((slot) => slot.toLowerCase() === word?.toLowerCase())
}
