import type { Instant } from '../kernel/instant.ts'
import { setAllDisksFull } from './all-disks.ts'
import { buildWorld } from './build-world.ts'
import { controllerName } from './controller/process.ts'
import { addressDeeds } from './deeds/addresses.ts'
import { candidateDeeds } from './deeds/candidates.ts'
import { type Deed, serviceForm } from './deeds/deed.ts'
import { faults } from './deeds/faults.ts'
import { deletePoisoned, poisonDeeds } from './deeds/poison.ts'
import { giveBack, servicingDeeds } from './deeds/servicing.ts'
import { tenantDeeds } from './deeds/tenant.ts'
import { repair, updateDeeds, upgrade } from './deeds/updates.ts'
import { frontEndName } from './front-end.ts'
import { narratorOf, timeOf } from './narrator.ts'
import { calm } from './network.ts'
import { addCertificates } from './package.ts'
import { randomFrom } from './random.ts'
import { unsettled } from './settled.ts'
import { firstMoment, type World } from './world.ts'

/** The result of a storm. */
export interface StormReport {
  readonly seed: number
  /** What was wrong; undefined: nothing. */
  readonly broken?: Error | undefined
  /** The deeds, and the fabric's history. */
  readonly transcript: readonly string[]
  readonly events: number
  readonly simulatedMs: number
}

/** How long a storm lasts; in a large building, where more happens at once, a fifth of it. */
const stormMs = 30 * 60_000
const largeStormMs = 6 * 60_000

/** One building in that many is large. */
const largeOneIn = 20

/** One building in that many has several load balancers. */
const severalOneIn = 4
const severalBalancers = 3

/** Long enough to place and start a service in calm weather. */
const deployedMs = 20_000

/** Share of the buildings in which the operator gives a lost host little time, so that much is healed, also during updates. */
const impatientShare = 0.3
const impatientMs = 30_000

/** How often the operator checks for something to do. */
const repairMs = 4 * 60_000

const usualDeeds = [
  ...tenantDeeds,
  ...faults,
  ...updateDeeds,
  ...servicingDeeds,
  ...addressDeeds,
  ...poisonDeeds,
  ...candidateDeeds,
]

/** How many candidates a building may have; undefined: its fabric is one of one machine. */
const candidateCounts = [undefined, undefined, 3, 5] as const

/** The seeds of this choice are others, so that a building is the same whatever it has. */
const choosingSeed = 0xe7cd

/** The longest rest between two deeds. */
const restMs = 30_000

/**
 * Then everything is repaired, and a storm is over when nothing has been left to do for so long: longer than any wait that no open request shows, for a
 * silent guest is restarted after ten minutes and a lost host healed after eleven. Some go on for longer than any timer: what is forgotten then is.
 */
const settledMs = 12 * 60_000
const longSettledMs = 45 * 60_000
const longOneIn = 10

/**
 * All requests must be fulfilled by then: an operation that waits for a start ends after 30 minutes, and a role that takes five minutes to stop does so
 * in each domain of an upgrade, and of the guest OS after it.
 */
const latestMs = 90 * 60_000

/**
 * A random building under random faults, checked after every event. The same seed gives the same storm. `others` are further deeds, in storms of
 * their own: after a restore, checkers start again.
 */
export function storm(seed: number, others: readonly Deed[] = []): StormReport {
  // A backup is one of one machine.
  const candidates = others.length > 0 ? undefined : randomFrom(seed ^ choosingSeed).pick(candidateCounts)
  const place = candidates === undefined ? 'one machine' : 'several machines'
  const deeds = [...usualDeeds, ...others].filter(({ on = place }) => on === place)
  const random = randomFrom(seed ^ 0x5eed)
  const faultDomains = random.between(1, 3)
  const isLarge = seed % largeOneIn === 0
  const world = buildWorld({
    hosts: isLarge ? random.between(20, 30) : random.between(Math.max(2, faultDomains), 6),
    coresOfHost: isLarge ? 16 : random.between(2, 8),
    faultDomains,
    balancers: seed % severalOneIn === 0 ? severalBalancers : 1,
    seed,
    ...(candidates === undefined && { severalMachines: seed % 2 === 1 }),
    candidates,
    skewed: candidates !== undefined || seed % 2 === 1,
    ...(random.chance(impatientShare) && { timers: { hostRecoverBudget: impatientMs } }),
  })
  const narrator = narratorOf(world)
  const transcript: string[] = []
  const note = (line: string) => void transcript.push(`${timeOf(world.clock.now())}  # ${line}`)
  const report = (broken?: Error): StormReport => ({
    seed,
    broken,
    transcript: [...transcript, ...narrator.tell()],
    events: world.events(),
    simulatedMs: world.clock.now() - firstMoment,
  })
  try {
    if (isLarge) begin(world, note)
    rage(world, deeds, firstMoment + (isLarge ? largeStormMs : stormMs), note, () =>
      transcript.push(...narrator.tell()),
    )
    mend(world)
    note('everything is mended')
    repairUntilSettled(world, seed % longOneIn === 1 ? longSettledMs : settledMs, note, () =>
      transcript.push(...narrator.tell()),
    )
    const complaints = unsettled(world)
    return report(
      complaints.length === 0 ? undefined : new Error(`not settled after the storm: ${complaints.join('; ')}`),
    )
  } catch (error) {
    return report(error as Error)
  }
}

/** In a large building there is a large service from the start, and an upgrade is under way. */
function begin(world: World, note: (line: string) => void): void {
  const { frontEnd, clock } = world
  const service = 'shop'
  frontEnd.send({ kind: 'createService', service, label: '', extendedProperties: {} })
  world.runUntil(clock.now() + deployedMs)
  frontEnd.send(addCertificates(service, ['A', 'B']))
  const form = serviceForm(world, service)
  frontEnd.send(world.upload(form, { service, slot: 'Production', start: true }))
  note(
    `deploy ${form.roles.map(({ name, instances }) => `${instances} ${name}`).join(', ')} over ${form.upgradeDomains} domains`,
  )
  world.runUntil(clock.now() + deployedMs)
  note(upgrade(world) ?? 'nothing to upgrade')
}

function rage(
  world: World,
  deeds: readonly Deed[],
  until: Instant,
  note: (line: string) => void,
  tell: () => void,
): void {
  const { random, clock } = world
  const total = deeds.reduce((sum, { weight }) => sum + weight, 0)
  while (clock.now() < until) {
    let share = random.below(total)
    const deed = deeds.find(({ weight }) => (share -= weight) < 0)
    const done = deed?.run(world)
    if (done !== undefined) note(done)
    world.runUntil(clock.now() + random.below(restMs))
    tell()
  }
}

/** The operator looks after what the storm has left, until nothing has been left to do for `enoughMs`, or it is too late. */
function repairUntilSettled(world: World, enoughMs: number, note: (line: string) => void, tell: () => void): void {
  const { clock } = world
  const latest = clock.now() + latestMs
  let settledAt: Instant | undefined
  while (clock.now() < latest) {
    const repairs = [...deletePoisoned(world), ...giveBack(world), ...repair(world)]
    for (const line of repairs) note(line)
    if (repairs.length > 0 || unsettled(world).length > 0) settledAt = undefined
    else settledAt ??= clock.now()
    if (settledAt !== undefined && clock.now() - settledAt >= enoughMs) return
    world.runUntil(clock.now() + repairMs)
    tell()
  }
}

/** Everything works again, except packages that stay bad. */
function mend(world: World): void {
  const { network, hosts, controller, balancers, behaviours, programs, several } = world
  network.setWeather(calm)
  setAllDisksFull(world, false)
  world.setFailures(0)
  behaviours.clear()
  for (const [program, { failsOnStart }] of programs) if (!failsOnStart) programs.delete(program)
  for (const party of [controllerName, ...balancers.map(({ name }) => name), frontEndName, ...hosts.keys()])
    network.join(party)
  for (const balancer of balancers) balancer.resume()
  if (several) several.mend()
  else {
    controller.resume()
    if (!controller.state()) controller.start()
  }
  for (const balancer of balancers) if (!balancer.runs()) balancer.start()
  for (const host of hosts.values()) {
    host.powerOn()
    if (!host.agent()) host.startAgent()
    host.resumeAgent()
    for (const guest of host.machine.guests()) {
      guest.setSilent(false)
      guest.resume()
    }
  }
}
