import type { Instant } from '../../../kernel/instant.ts'
import type { ServicingRecord } from '../state/records/servicing.ts'

/** What a step begins with. */
export type NextStep = Omit<ServicingRecord, 'begunAt' | 'since'>

/**
 * What the platform's servicing of a deployment needs next. `full`: it waits for more room than there is (`room` of the state). `begin`: a step, for the instances of one domain. `move`: those that have
 * stopped start on other hosts. `release`: they start where they are. `end`: they are Ready, or have had their time (H-23).
 */
export type ServicingProgress =
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly text: string; readonly until?: Instant | undefined }
  | { readonly kind: 'full'; readonly text: string; readonly room: number }
  | { readonly kind: 'begin'; readonly step: NextStep; readonly text: string }
  | { readonly kind: 'move' | 'release' | 'end'; readonly text: string }
