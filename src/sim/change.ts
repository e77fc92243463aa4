import type { GuestSpecification } from '../guest/contract/guest-specification.ts'

/**
 * What differs for a role that runs, the strongest first. `certificates`: it recycles (U-49). `settings`: Changing, which may be
 * cancelled. `blast`: the topology alone, told to all at once, which cannot be cancelled (U-53).
 */
export type Change = 'certificates' | 'settings' | 'blast' | 'none'

export function changeBetween(before: GuestSpecification, after: GuestSpecification): Change {
  if (before === after) return 'none'
  const differs = (what: keyof GuestSpecification) => JSON.stringify(before[what]) !== JSON.stringify(after[what])
  if (differs('storedCertificates')) return 'certificates'
  if (differs('settings')) return 'settings'
  if (differs('topology')) return after.blast ? 'blast' : 'settings'
  return 'none'
}
