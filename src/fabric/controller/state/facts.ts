import type { Timers } from '../../../kernel/timers.ts'
import type { OsFamily } from '../../../service-model/operating-systems.ts'
import type { UpgradePolicy } from '../../contract/plan.ts'
import type { VipRange } from '../../contract/vip-range.ts'

/** Facts that stay the same for one run of the controller, except its epoch. */
export interface FabricFacts {
  /**
   * Grows with every master, and when a party has seen a version that no master of this store sent. Versions of goals and rotation begin
   * with it, so they grow over restarts without being stored.
   */
  readonly epoch: number
  /** Second octet of the fabric's own 127.b.0.0/16 (design.md 5). */
  readonly network: number
  /** True: each machine has a load balancer of its own, which asks and reports for itself; others may be master too, and their clocks differ (H-41). */
  readonly severalMachines?: boolean | undefined
  /** Where VIPs come from (`--vip-range`); absent: the fabric's own loopback network. */
  readonly vipRange?: VipRange | undefined
  /** `localhost`: production answers at `<service>.localhost` (L-15). */
  readonly dnsSuffix: string
  /** `host` or `host:port` of every Blob service that packages may come from (B-1). */
  readonly blobHosts: readonly string[]
  readonly timers: Timers
  /** What of a definition an in-place upgrade may change (U-6). */
  readonly policy: UpgradePolicy
  /** True: guests have networks of their own, so that rules between them hold. */
  readonly ownNetworks?: boolean | undefined
  /** True: each guest has an account of its own, so that operators may have it (P-28). */
  readonly ownAccounts?: boolean | undefined
  /** Whether its machine runs .NET; undefined: not checked. */
  readonly hasMono?: boolean | undefined
  /** The guest operating systems that this version of the platform has (H-22). */
  readonly osFamilies: readonly OsFamily[]
  /** Of a fabric of several machines. */
  readonly cluster?: ClusterFacts | undefined
}

/** What this master knows of a fabric of several machines beside its records. */
export interface ClusterFacts {
  /** Name of its machine. */
  readonly machine: string
  /** Of Reddog. */
  readonly version: string
  readonly ports: { readonly controller: number; readonly etcdMembers: number }
  readonly vipRange?: string | undefined
  /** Why it is master, in words, if the election says so. */
  readonly because?: string | undefined
}

/** Versions that one master may hand out: more than a thousand a second for a century. */
const versionsOfAnEpoch = 2 ** 32

/** Versions are exact below it: numbers are whole up to 2⁵³. */
const epochLimit = 2 ** 21

/**
 * No report makes a master take an epoch from here on. The other half is for starts alone, one an hour for a century, so no host can use up the
 * range. Origin: choice.
 */
const claimLimit = epochLimit / 2

/** First version that this master hands out, above all of its predecessors. Throws a sentence when there is none left. */
export function firstVersion(epoch: number): number {
  if (epoch >= epochLimit)
    throw new RangeError(
      `The store has had ${epoch} masters and more, and can have no more. Begin anew with another data directory.`,
    )
  return epoch * versionsOfAnEpoch
}

/** The first epoch whose versions are all above this one; undefined when no master can have given that version. */
export function epochAbove(version: number): number | undefined {
  const epoch = Math.floor(version / versionsOfAnEpoch) + 1
  return Number.isSafeInteger(version) && epoch <= claimLimit ? epoch : undefined
}
