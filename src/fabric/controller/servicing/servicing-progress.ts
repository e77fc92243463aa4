import type { Instant } from '../../../kernel/instant.ts'
import type { ServicingRecord } from '../state/records/servicing.ts'

/** How a step begins. */
export type NextStep = Omit<ServicingRecord, 'begunAt' | 'since'>

/**
 * What the platform's servicing of a deployment needs next. `full`: it waits for more room (`room` of the state). `begin`: a step, for the instances
 * of one domain. `move`: the stopped ones start on other hosts. `release`: they start where they are. `end`: they are Ready, or their time is over
 * (H-23).
 */
export type ServicingProgress =
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly text: string; readonly until?: Instant | undefined }
  | { readonly kind: 'full'; readonly text: string; readonly room: number }
  | { readonly kind: 'begin'; readonly step: NextStep; readonly text: string }
  | { readonly kind: 'move' | 'release' | 'end'; readonly text: string }
