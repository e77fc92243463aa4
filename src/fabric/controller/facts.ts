import type { Timers } from '../../kernel/timers.ts'
import type { OsFamily } from '../../service-model/operating-systems.ts'
import type { UpgradePolicy } from '../contract/plan.ts'

/** What stays the same for one run of the controller. */
export interface FabricFacts {
  /** Grows with every master: versions of goals and rotation begin with it, and so grow over restarts without being stored. */
  readonly epoch: number
  /** Second octet of the fabric's own 127.b.0.0/16 (design.md 5). */
  readonly network: number
  /** `localhost`: production answers at `<service>.localhost` (L-15). */
  readonly dnsSuffix: string
  /** `host` or `host:port` of every Blob service that packages may come from (B-1). */
  readonly blobHosts: readonly string[]
  readonly timers: Timers
  /** What of a definition an in-place upgrade may change (U-6). */
  readonly policy: UpgradePolicy
  /** The guest operating systems that this version of the platform has (H-22). */
  readonly osFamilies: readonly OsFamily[]
}

/** Versions that one master may hand out: more than a thousand a second for a century. */
const versionsOfAnEpoch = 2 ** 32

/** First version that this master hands out, above all of its predecessors. */
export function firstVersion(epoch: number): number {
  return epoch * versionsOfAnEpoch
}
