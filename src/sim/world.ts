import type { Command } from '../fabric/contract/commands.ts'
import type { UpgradePolicy } from '../fabric/contract/plan.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Timers } from '../kernel/timers.ts'
import type { SimulatedBalancer } from './balancer.ts'
import type { VirtualClock } from './clock.ts'
import type { SimulatedController } from './controller.ts'
import type { SimulatedFrontEnd } from './front-end.ts'
import type { Behaviour } from './guest/behaviour.ts'
import type { SimulatedHost } from './host.ts'
import type { StoreWeather, Vault } from './memory-store.ts'
import type { Network } from './network.ts'
import type { SimulatedService } from './package.ts'
import type { PlanOfDeath } from './plan-of-death.ts'
import type { Poison } from './poison.ts'
import type { Random } from './random.ts'
import type { Several } from './several.ts'
import type { SimulatedVips } from './vips.ts'

export interface BuildingPlan {
  readonly hosts: number
  readonly coresOfHost: number
  readonly faultDomains: number
  /** How many load balancers there are, each with a table of its own; absent: one. */
  readonly balancers?: number | undefined
  readonly seed: number
  /** How many machines have a controller; absent: one, without etcd. */
  readonly candidates?: number | undefined
  readonly timers?: Partial<Timers> | undefined
  /** Most cores of the subscription (S-1 of service-management-api.md); absent: all cores. */
  readonly maxCores?: number | undefined
  /** Each host is a machine of its own among others, and asks them when no master answers (H-38). */
  readonly severalMachines?: boolean | undefined
  /** The clocks of machines differ by up to five minutes, that of each master too (H-41). */
  readonly skewed?: boolean | undefined
  /** `sameModel` when absent (U-6). */
  readonly policy?: UpgradePolicy | undefined
}

/** The whole building on one thread with its own clock. */
export interface World {
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: Network
  readonly vault: Vault
  readonly timers: Timers
  /** With several candidates: that of the master. */
  readonly controller: SimulatedController
  /** Absent in a fabric of one machine. */
  readonly several?: Several | undefined
  /** The first of `balancers`. */
  readonly balancer: SimulatedBalancer
  readonly balancers: readonly SimulatedBalancer[]
  /** Absent where there is one load balancer. */
  readonly vips?: SimulatedVips | undefined
  readonly frontEnd: SimulatedFrontEnd
  readonly hosts: ReadonlyMap<string, SimulatedHost>
  readonly poison: Poison
  /** Scripts of instances that are not well-behaved, by `<Role>_IN_<n>` or role name. */
  readonly behaviours: Map<string, Partial<Behaviour>>
  /** Scripts of the programs of packages that are not well-behaved, by the name of the program. */
  readonly programs: Map<string, Partial<Behaviour>>
  /** What is in a package, by SHA-256. */
  contentOf(sha256: string): SimulatedService | undefined
  /** When the guest agents of that instance are to die; a write is what one remembers. */
  guestAgentDeath(instance: string): PlanOfDeath
  /** Puts a package into the Blob service. */
  pack(form: SimulatedService): { readonly packageUrl: string; readonly configuration: string }
  /** Removes a package from the Blob service. */
  removeBlob(url: string): void
  /** Puts a package into the Blob service, and answers with the command that deploys it. */
  upload(form: SimulatedService, deployment: Deployment): Command
  /** A newer version of the platform, with the next release of a guest OS family, takes over (H-22); answers with the release. */
  releaseSystem(family: number): string
  /** Makes a copy of the store and its packages as they are, replacing an earlier one. */
  backUpStore(): void
  /** Replaces the store by its last copy; later requests are forgotten. False when there is none. */
  restoreStore(): boolean
  /** How well the controller's store works from now on. */
  setStoreWeather(weather: StoreWeather): void
  /** Share of the machines' actions that fail from now on. */
  setFailures(share: number): void
  /** Lets time pass until that moment, with every checker on. Throws InvariantBroken. */
  runUntil(at: Instant): void
  /** Lets time pass until the condition holds; false when it does not before `limitMs` have passed. */
  runToward(condition: () => boolean, limitMs: number): boolean
  /** Events so far. */
  events(): number
}

export interface Deployment {
  readonly service: string
  readonly slot: 'Production' | 'Staging'
  readonly start: boolean
}

/** The moment at which every simulated building begins. */
export const firstMoment: Instant = Date.UTC(2026, 0, 1)
