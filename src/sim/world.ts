import type { Command } from '../fabric/contract/commands.ts'
import type { UpgradePolicy } from '../fabric/contract/plan.ts'
import type { Instant } from '../kernel/instant.ts'
import { type Timers, timerDefaults } from '../kernel/timers.ts'
import { type SimulatedBalancer, simulatedBalancer } from './balancer.ts'
import { catalogue } from './catalogue.ts'
import { type Checker, InvariantBroken, lookEveryMs } from './checkers/checker.ts'
import { allCheckers } from './checkers.ts'
import { type VirtualClock, virtualClock } from './clock.ts'
import { type SimulatedController, simulatedController } from './controller.ts'
import type { Fact } from './fact.ts'
import { type SimulatedFrontEnd, simulatedFrontEnd } from './front-end.ts'
import { type Behaviour, wellBehaved } from './guest/behaviour.ts'
import { type SimulatedHost, simulatedHost } from './host.ts'
import { memoryVault, type Vault } from './memory-store.ts'
import { type Network, simulatedNetwork } from './network.ts'
import { configurationOf, packageOf, type SimulatedService } from './package.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'
import { type Random, randomFrom } from './random.ts'

export interface BuildingPlan {
  readonly hosts: number
  readonly coresOfHost: number
  readonly faultDomains: number
  readonly seed: number
  readonly timers?: Partial<Timers> | undefined
  /** Most cores of the subscription (S-1 of service-management-api.md); all that there are when absent. */
  readonly maxCores?: number | undefined
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
  readonly controller: SimulatedController
  readonly balancer: SimulatedBalancer
  readonly frontEnd: SimulatedFrontEnd
  readonly hosts: ReadonlyMap<string, SimulatedHost>
  /** Scripts of instances that are not well-behaved, by `<Role>_IN_<n>` or role name. */
  readonly behaviours: Map<string, Partial<Behaviour>>
  /** Scripts of the programs of packages that are not well-behaved, by the name of the program. */
  readonly programs: Map<string, Partial<Behaviour>>
  /** What is in a package, by SHA-256. */
  contentOf(sha256: string): SimulatedService | undefined
  /** When the guest agents of the instance of that name are to die; a write is what one remembers. */
  guestAgentDeath(instance: string): PlanOfDeath
  /** Puts a package into the Blob service. */
  pack(form: SimulatedService): { readonly packageUrl: string; readonly configuration: string }
  /** Removes a package from the Blob service. */
  removeBlob(url: string): void
  /** Puts a package into the Blob service, and answers with the command that deploys it. */
  upload(form: SimulatedService, deployment: Deployment): Command
  /** A newer version of the platform, with the next release of a guest OS family, takes over (H-22); answers with the release. */
  releaseSystem(family: number): string
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

/** How long it takes until something starts a process again that has died. */
const restartAfterMs = 3_000

export function buildWorld(plan: BuildingPlan): World {
  const clock = virtualClock(firstMoment)
  const random = randomFrom(plan.seed)
  const network = simulatedNetwork(clock, random)
  const vault = memoryVault()
  const timers: Timers = { ...timerDefaults, ...plan.timers }
  const blobs = new Map<string, ReturnType<typeof packageOf>>()
  const behaviours = new Map<string, Partial<Behaviour>>()
  const programs = new Map<string, Partial<Behaviour>>()
  const contents = new Map<string, SimulatedService>()
  const systems = catalogue()
  const models = new Map<string, ReturnType<typeof packageOf>['model']>()
  const deaths = new Map<string, PlanOfDeath>()
  const facts: Fact[] = []
  let seen: { readonly state?: unknown; readonly table?: unknown; readonly nextLook: Instant } = {
    nextLook: firstMoment,
  }
  let failures = 0
  let events = 0
  const later = (run: () => void) => void clock.schedule(clock.now() + restartAfterMs, run)

  const controller = simulatedController({
    clock,
    network,
    random,
    vault,
    timers,
    blobs,
    packages: new Set(),
    maxCores: plan.maxCores ?? plan.hosts * plan.coresOfHost,
    policy: plan.policy ?? 'sameModel',
    osFamilies: systems.families,
    died: () => later(() => controller.state() ?? controller.start()),
  })
  const balancer = simulatedBalancer({ clock, network, random, controller })
  const frontEnd = simulatedFrontEnd({ clock, network, random, controller })
  const hosts = new Map<string, SimulatedHost>()
  for (let number = 0; number < plan.hosts; number++) {
    const size = { name: `host-${number}`, cores: plan.coresOfHost, faultDomain: number % plan.faultDomains }
    const host: SimulatedHost = simulatedHost({
      clock,
      network,
      controller,
      timers,
      size,
      behaviourOf: (key, sha256) => ({
        ...wellBehaved,
        ...programs.get(contents.get(sha256)?.program ?? ''),
        ...scriptOf(behaviours, key),
      }),
      guestAgentDeath: (key) => guestAgentDeath(key.slice(key.indexOf('.') + 1)),
      modelOf: (sha256, role) => models.get(sha256)?.roleModels[role],
      fails: () => failures > 0 && random.chance(failures),
      witness: (fact) => void facts.push(fact),
      died: () => later(() => host.agent() ?? host.startAgent()),
    })
    hosts.set(host.name, host)
  }

  function guestAgentDeath(instance: string): PlanOfDeath {
    const found = deaths.get(instance) ?? planOfDeath()
    deaths.set(instance, found)
    return found
  }

  /** Most events change nothing that a checker sees: they are asked when something has, and else at regular intervals. */
  function isWorthALook(): boolean {
    const state = controller.state()
    const table = balancer.table()
    if (facts.length === 0 && state === seen.state && table === seen.table && clock.now() < seen.nextLook) return false
    seen = { state, table, nextLook: clock.now() + lookEveryMs }
    return true
  }

  function step(until: Instant): boolean {
    const more = clock.step(until)
    events++
    if (isWorthALook()) {
      for (const checker of checkers)
        for (const complaint of checker.check(facts)) throw new InvariantBroken(checker.name, complaint, clock.now())
      facts.length = 0
    }
    return more
  }

  const world: World = {
    clock,
    random,
    network,
    vault,
    timers,
    controller,
    balancer,
    frontEnd,
    hosts,
    behaviours,
    programs,
    contentOf: (sha256) => contents.get(sha256),
    pack(form) {
      const packed = packageOf(form)
      const packageUrl = `http://blobs/packages/${form.name}-${packed.sha256.slice(0, 8)}.cspkg`
      blobs.set(packageUrl, packed)
      contents.set(packed.sha256, form)
      models.set(packed.sha256, packed.model)
      return { packageUrl, configuration: configurationOf(form) }
    },
    guestAgentDeath,
    removeBlob: (url) => void blobs.delete(url),
    upload(form, { service, slot, start }) {
      const name = `${service}-${slot.toLowerCase()}`
      return {
        kind: 'createDeployment',
        service,
        slot,
        start,
        name,
        label: '',
        ...world.pack(form),
        treatWarningsAsError: false,
        extendedProperties: {},
      }
    },
    releaseSystem(family) {
      const name = systems.release(family)
      controller.start()
      return name
    },
    setFailures(share) {
      failures = share
    },
    runUntil(at) {
      while (step(at));
    },
    runToward(condition, limitMs) {
      const until = clock.now() + limitMs
      while (!condition()) if (!step(until)) return condition()
      return true
    },
    events: () => events,
  }
  const checkers: readonly Checker[] = allCheckers.map((make) => make(world))
  controller.start()
  balancer.start()
  for (const host of hosts.values()) host.startAgent()
  return world
}

/** What was scripted for the role or the instance itself. */
function scriptOf(behaviours: ReadonlyMap<string, Partial<Behaviour>>, key: string): Partial<Behaviour> {
  const instance = key.slice(key.indexOf('.') + 1)
  const role = instance.slice(0, instance.lastIndexOf('_IN_'))
  return { ...behaviours.get(role), ...behaviours.get(instance) }
}
