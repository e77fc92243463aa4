import type { HostFacts } from '../../../../host/contract/report.ts'
import type { Instant } from '../../../../kernel/instant.ts'

export interface HostRecord extends HostFacts {
  /** Reserve: registered, empty, not used yet. */
  readonly inService: boolean
  /** While it is drained, until it is given back (H-21). */
  readonly drain?: DrainRecord | undefined
  /** From its loss until it registers again. */
  readonly lost?: LostRecord | undefined
  /** Its machine is no part of the fabric any more: it goes when its instances have found room elsewhere. `drained`: none of them ran there by then. */
  readonly removed?: true | 'drained' | undefined
}

export interface LostRecord {
  /** When it was first declared lost. */
  readonly at: Instant
  /** The operator has released the brake since: it is no reason for another one (H-39). */
  readonly excused?: boolean | undefined
  /** How many machines it knew then (H-38). Absent in records of before. */
  readonly among?: number | undefined
}

export interface DrainRecord {
  /** The operation that ends when nothing runs on the host any more. */
  readonly operation: string
  /** When that was; absent before. */
  readonly drainedAt?: Instant | undefined
}
