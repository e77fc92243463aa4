import type { Instant } from '../kernel/instant.ts'
import type { Defect } from '../kernel/loop.ts'
import { type Timers, timerDefaults } from '../kernel/timers.ts'
import { simulatedBalancer } from './balancer.ts'
import { catalogue } from './catalogue.ts'
import { type Checker, InvariantBroken, lookEveryMs } from './checkers/checker.ts'
import { allCheckers, checkersOfTheMoment } from './checkers.ts'
import { virtualClock } from './clock.ts'
import { controllerName, simulatedController } from './controller.ts'
import type { Fact } from './fact.ts'
import { simulatedFrontEnd } from './front-end.ts'
import { type Behaviour, wellBehaved } from './guest/behaviour.ts'
import { type SimulatedHost, simulatedHost } from './host.ts'
import { memoryVault, soundStore } from './memory-store.ts'
import { simulatedNetwork } from './network.ts'
import { configurationOf, packageOf, type SimulatedService } from './package.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'
import { noPoison } from './poison.ts'
import { randomFrom } from './random.ts'
import { type BuildingPlan, firstMoment, type World } from './world.ts'

/** How long it takes until something starts a process again that has died. */
const restartAfterMs = 3_000

/** After a store was restored all is told anew, and what that stops and starts has come and gone by then. */
const toldAnewMs = 600_000

/** The building of that plan, everything in it started; `watching`: the checkers that are on. */
export function buildWorld(plan: BuildingPlan, watching: typeof allCheckers = allCheckers): World {
  const clock = virtualClock(firstMoment)
  const random = randomFrom(plan.seed)
  const network = simulatedNetwork(clock, random)
  const vault = memoryVault(clock, random)
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
  const poison = noPoison()
  const packages = new Set<string>()
  let packagesKept: ReadonlySet<string> = new Set()
  let checkers: readonly Checker[] = []
  let failures = 0
  let events = 0
  const defectOf = (party: string) => (defect: Defect<string>) => {
    const { subject, during, thrown } = defect
    facts.push({ kind: 'defect', party, subject, during, threw: (thrown as Error).stack ?? String(thrown) })
  }
  const later = (run: () => void) => void clock.schedule(clock.now() + restartAfterMs, run)

  const controller = simulatedController({
    clock,
    network,
    random,
    vault,
    timers,
    blobs,
    packages,
    maxCores: plan.maxCores ?? plan.hosts * plan.coresOfHost,
    policy: plan.policy ?? 'sameModel',
    osFamilies: systems.families,
    poison,
    died: () => later(() => controller.state() ?? controller.start()),
    witness: (fact) => void facts.push(fact),
    defect: defectOf(controllerName),
  })
  const balancer = simulatedBalancer({ clock, network, random, controller, timers })
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
      poison,
      died: () => later(() => host.agent() ?? host.startAgent()),
      defect: (party, defect) => defectOf(party)(defect),
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
    poison,
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
    backUpStore() {
      vault.backUp()
      packagesKept = new Set(packages)
    },
    restoreStore() {
      controller.kill()
      const restored = vault.restore()
      if (restored) {
        frontEnd.forget()
        for (const sha256 of packagesKept) packages.add(sha256)
        const ofTheMoment = checkersOfTheMoment.map((make) => make(world))
        checkers = ofTheMoment
        clock.schedule(clock.now() + toldAnewMs, () => {
          if (checkers === ofTheMoment) checkers = watching.map((make) => make(world))
        })
      }
      controller.start()
      return restored
    },
    setStoreWeather(weather) {
      vault.setWeather(weather)
      network.hamper(controllerName, weather !== soundStore)
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
  checkers = watching.map((make) => make(world))
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
