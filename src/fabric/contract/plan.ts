import type { Fault } from '../../kernel/fault.ts'
import type { UpdateMode } from './commands.ts'

/** What an upgrade would do, step by step, before anything is touched. */
export interface PlanView {
  /** Why the upgrade would be refused; the rest of the plan is given as far as it is known. */
  readonly refusal?: Fault | undefined
  /** Which changes of the definition are allowed in place (U-6). */
  readonly policy: UpgradePolicy
  /** Every difference of the two service models, in words; empty when they are the same (U-5). */
  readonly differences: readonly string[]
  readonly mode: UpdateMode
  readonly domains: readonly PlannedDomain[]
  /** Instances that the new counts add and remove. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly warnings: readonly string[]
}

/** `sameModel`: none (U-2). `relaxed2011`: those of table 7.1 of fabric-behaviour.md. */
export type UpgradePolicy = 'sameModel' | 'relaxed2011'

export interface PlannedDomain {
  readonly domain: number
  /** In the order of roles and numbers. */
  readonly instances: readonly PlannedInstance[]
  /** What happens, in order, in the words that the reasons of the events will have. */
  readonly steps: readonly string[]
  /** What is left of each public endpoint while the domain is down. */
  readonly capacity: readonly EndpointCapacity[]
}

export interface PlannedInstance {
  readonly name: string
  readonly role: string
  readonly change: InstanceChange
}

/**
 * What a new version means for one instance. `package`: stop, new role root, start. `system`: like a reimage (U-50). `certificates`: the role
 * recycles (U-49). `settings`: Changing and Changed, and a recycle only if the role cancels (U-47, U-48). `none`: nothing is sent.
 */
export type InstanceChange = 'package' | 'system' | 'certificates' | 'settings' | 'none'

export interface EndpointCapacity {
  readonly role: string
  readonly endpoint: string
  readonly port: number
  /** Instances in rotation now, and how many of them stay in while the domain is down. */
  readonly instances: number
  readonly left: number
}
