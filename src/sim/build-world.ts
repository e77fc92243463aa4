import { type Timers, timerDefaults } from '../kernel/timers.ts'
import { type BalancerParts, balancerName, simulatedBalancer } from './balancer.ts'
import { catalogue } from './catalogue.ts'
import { allCheckers, checkersOfTheMoment } from './checkers.ts'
import { virtualClock } from './clock.ts'
import { controllerName } from './controller/process.ts'
import { type Candidate, simulatedController } from './controller.ts'
import { type Controllers, manyControllers, oneController } from './controllers.ts'
import { simulatedFrontEnd } from './front-end.ts'
import { type SimulatedHost, simulatedHost } from './host.ts'
import { mostSkewMs } from './machine-clock.ts'
import { memoryVault, soundStore } from './memory-store.ts'
import { simulatedNetwork } from './network.ts'
import { packedServices } from './packed.ts'
import { noPoison } from './poison.ts'
import { type Random, randomFrom } from './random.ts'
import { nameOf, scripts } from './scripts.ts'
import { severalMachines } from './several.ts'
import { simulatedVips, type VipParts, vipPartyOf } from './vips.ts'
import { watch } from './watch.ts'
import { type BuildingPlan, firstMoment, type World } from './world.ts'

/** How long it takes until a dead process is started again. */
const restartAfterMs = 3_000

/** After a restore everything is sent again; by this time all resulting stops and starts are over. */
const toldAnewMs = 600_000

/** The planned building, with everything in it started; `watching`: the checkers that are on. */
export function buildWorld(plan: BuildingPlan, watching: typeof allCheckers = allCheckers): World {
  const clock = virtualClock(firstMoment)
  const random = randomFrom(plan.seed)
  const network = simulatedNetwork(clock, random)
  const timers: Timers = { ...timerDefaults, ...plan.timers }
  const systems = catalogue()
  const packed = packedServices()
  const scripted = scripts()
  const watcher = watch(clock, () => [controller.state(), ...visibleOf(house)])
  const { witness, defectOf, step } = watcher
  const poison = noPoison()
  const packages = new Set<string>()
  let failures = 0
  const later = (run: () => void) => void clock.schedule(clock.now() + restartAfterMs, run)

  const shared = { clock, random, network, timers, poison }
  const { controller, vault, controllers, several } = controlOf(plan, {
    ...shared,
    blobs: packed.blobs,
    packages,
    ...ofMachines(plan),
    maxCores: plan.maxCores ?? plan.hosts * plan.coresOfHost,
    policy: plan.policy ?? 'sameModel',
    osFamilies: systems.families,
    witness,
    defect: defectOf(controllerName),
    later,
    hosts: () => hosts,
  })
  const house = everyBalancer(plan, { ...shared, controllers, state: controller.state })
  const frontEnd = simulatedFrontEnd({ ...shared, controllers })
  const hosts: ReadonlyMap<string, SimulatedHost> = everyHost(plan, random, later, {
    ...shared,
    controllers,
    behaviourOf: (key, sha256) => scripted.behaviourOf(key, packed.contentOf(sha256)?.program),
    guestAgentDeath: (key) => scripted.guestAgentDeath(nameOf(key)),
    modelOf: packed.modelOf,
    fails: () => failures > 0 && random.chance(failures),
    witness,
    defect: (party, defect) => defectOf(party)(defect),
  })
  /**
   * The checkers start again, except those that know what a restored store undoes: first those of the moment; all, once the resulting stops and
   * starts are over.
   */
  const watchAnew = () => {
    const lasting = watcher.checkers().filter(({ restored }) => restored !== undefined)
    for (const checker of lasting) checker.restored?.()
    const begun = (makers: typeof allCheckers) => [
      ...makers.map((make) => make(world)).filter(({ restored }) => restored === undefined),
      ...lasting,
    ]
    const ofTheMoment = begun(checkersOfTheMoment)
    watcher.setCheckers(ofTheMoment)
    clock.schedule(clock.now() + toldAnewMs, () => {
      if (watcher.checkers() === ofTheMoment) watcher.setCheckers(begun(watching))
    })
  }

  const world: World = {
    ...shared,
    vault,
    controller,
    several,
    ...house,
    frontEnd,
    hosts,
    behaviours: scripted.behaviours,
    programs: scripted.programs,
    contentOf: packed.contentOf,
    pack: packed.pack,
    guestAgentDeath: scripted.guestAgentDeath,
    removeBlob: (url) => void packed.blobs.delete(url),
    upload: packed.upload,
    releaseSystem(family) {
      const name = systems.release(family)
      controller.start()
      return name
    },
    ...backupOf({ vault, packages, controller, frontEnd, restored: watchAnew }),
    setStoreWeather(weather) {
      vault.setWeather(weather)
      if (!several) network.hamper(controllerName, weather !== soundStore)
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
    events: watcher.events,
  }
  watcher.setCheckers(watching.map((make) => make(world)))
  controller.start()
  for (const balancer of house.balancers) balancer.start()
  for (const host of hosts.values()) host.startAgent()
  return world
}

/** The load balancers of the plan; where there are several, one of their machines has the VIPs. */
function everyBalancer(
  plan: BuildingPlan,
  { state, ...parts }: Omit<BalancerParts, 'name'> & Pick<VipParts, 'state' | 'clock'>,
): Pick<World, 'balancer' | 'balancers' | 'vips'> {
  const [first = balancerName, ...others] = balancerNames(plan)
  const balancer = simulatedBalancer({ ...parts, name: first })
  const balancers = [balancer, ...others.map((name) => simulatedBalancer({ ...parts, name }))]
  if (others.length === 0) return { balancer, balancers }
  const hasOneCandidate = plan.candidates === undefined
  return { balancer, balancers, vips: simulatedVips({ ...parts, balancers, hasOneCandidate, state }) }
}

function visibleOf({ balancers, vips }: Pick<World, 'balancers' | 'vips'>): readonly unknown[] {
  return [vips?.holders(), ...balancers.map(({ table }) => table())]
}

function balancerNames({ balancers: count = 1 }: BuildingPlan): readonly string[] {
  return count === 1 ? [balancerName] : Array.from({ length: count }, (_, number) => `${balancerName}-${number}`)
}

type ControlParts = Omit<Parameters<typeof severalMachines>[0], 'count' | 'hostNames' | 'balancerNames' | 'vipParties'>

/** The fabric controller with its store: on one machine, or on several. */
function controlOf(
  plan: BuildingPlan,
  parts: ControlParts,
): Pick<World, 'controller' | 'vault' | 'several'> & { readonly controllers: Controllers } {
  const { clock, network, random, later } = parts
  if (plan.candidates !== undefined) {
    const made = severalMachines({
      ...parts,
      count: plan.candidates,
      hostNames: hostNames(plan),
      balancerNames: balancerNames(plan),
      vipParties: balancerNames(plan).map(vipPartyOf),
    })
    return { ...made, controllers: manyControllers({ clock, network, candidates: made.several.candidates }) }
  }
  const vault = memoryVault(clock, random)
  const controller: Candidate = simulatedController({
    ...parts,
    name: controllerName,
    vault,
    open({ own, opened, died }) {
      opened(vault.open({ whenRunning: own.whenRunning, died }))
      return undefined
    },
    died: () => later(() => controller.state() ?? controller.start()),
  })
  return { controller, vault, controllers: oneController(network, controller) }
}

function hostNames({ hosts }: BuildingPlan): readonly string[] {
  return Array.from({ length: hosts }, (_, number) => `host-${number}`)
}

/** What a controller is told of the other machines. */
function ofMachines(plan: BuildingPlan): { readonly severalMachines: boolean; readonly skewed: boolean } {
  return { severalMachines: isOfSeveral(plan) || (plan.balancers ?? 1) > 1, skewed: plan.skewed ?? false }
}

/** Whether each host is a machine of its own. */
function isOfSeveral({ severalMachines: asked, candidates }: BuildingPlan): boolean {
  return asked ?? candidates !== undefined
}

type HostParts = Parameters<typeof simulatedHost>[0]

/** The hosts of the plan, by name; `later` starts a dead Host Agent again. */
function everyHost(
  plan: BuildingPlan,
  random: Random,
  later: (run: () => void) => void,
  shared: Omit<HostParts, 'size' | 'died' | 'others'>,
): ReadonlyMap<string, SimulatedHost> {
  const others = (name: string) => (isOfSeveral(plan) ? hosts.filter((host) => host.name !== name) : [])
  const hosts: readonly SimulatedHost[] = hostNames(plan).map((name, number) => {
    const size = { name, cores: plan.coresOfHost, faultDomain: number % plan.faultDomains }
    const died = () => later(() => host.agent() ?? host.startAgent())
    const host: SimulatedHost = simulatedHost({ ...shared, size, died, others: () => others(size.name) })
    if (plan.skewed) host.setClock(random.between(-mostSkewMs, mostSkewMs))
    return host
  })
  return new Map(hosts.map((host) => [host.name, host]))
}

/** A copy of the store with its packages, and its restore; `restored` is called when there was one. */
function backupOf({
  vault,
  packages,
  controller,
  frontEnd,
  restored,
}: Pick<World, 'vault' | 'controller' | 'frontEnd'> & {
  readonly packages: Set<string>
  restored(): void
}): Pick<World, 'backUpStore' | 'restoreStore'> {
  let packagesKept: ReadonlySet<string> = new Set()
  return {
    backUpStore() {
      vault.backUp()
      packagesKept = new Set(packages)
    },
    restoreStore() {
      controller.kill()
      const found = vault.restore()
      if (found) {
        frontEnd.forget()
        for (const sha256 of packagesKept) packages.add(sha256)
        restored()
      }
      controller.start()
      return found
    },
  }
}
