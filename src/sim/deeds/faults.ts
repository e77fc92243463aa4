import { setAllDisksFull } from '../all-disks.ts'
import type { SimulatedBalancer } from '../balancer.ts'
import { controllerName } from '../controller/process.ts'
import { frontEndName } from '../front-end.ts'
import { guestParts, type ThinkingPart, thinkingParts } from '../guest/guest-part.ts'
import type { SimulatedHost } from '../host.ts'
import { soundStore } from '../memory-store.ts'
import { calm, stormy } from '../network.ts'
import type { World } from '../world.ts'
import type { Deed } from './deed.ts'

/** Short, within hostLostAfter, within hostRecoverBudget, and beyond it. */
const spansMs = [2_000, 20_000, 150_000, 900_000] as const

const clockStepsMs = [-3_600_000, -300_000, -20_000, -1_500, 1_500, 20_000, 3_600_000] as const

/** Faults of the building. */
export const faults: readonly Deed[] = [
  { weight: 5, run: weather },
  { weight: 4, run: (world) => away(world, world.random.pick([...world.hosts.keys()])) },
  { weight: 2, run: (world) => away(world, anyBalancer(world).name) },
  { weight: 1, run: (world) => away(world, frontEndName) },
  { weight: 1, on: 'one machine', run: (world) => away(world, controllerName) },
  { weight: 4, on: 'one machine', run: powerCut },
  { weight: 6, run: hostAgentDies },
  { weight: 5, on: 'one machine', run: controllerDies },
  { weight: 2, on: 'one machine', run: anotherMaster },
  { weight: 5, run: storeIsUnwell },
  { weight: 4, run: diskIsFull },
  { weight: 3, run: everyDiskIsFull },
  { weight: 3, on: 'one machine', run: controllerIsStopped },
  { weight: 3, run: hostAgentIsStopped },
  { weight: 4, run: guestProcessIsStopped },
  { weight: 2, run: balancerIsStopped },
  { weight: 2, run: clockIsSet },
  { weight: 4, run: clientsHoldOn },
  { weight: 2, run: balancerDies },
  { weight: 10, run: silenceGuest },
  { weight: 10, run: guestDies },
  { weight: 1, run: updateGuestAgents },
  { weight: 6, run: script },
  { weight: 2, run: machinesFail },
]

function weather({ random, network }: World): string {
  const next = random.chance(0.6) ? stormy : calm
  network.setWeather(next)
  return next === calm ? 'the network is calm' : 'the network is stormy'
}

function away(world: World, party: string): string {
  const { network } = world
  network.cut(party)
  return `${party} is cut off for ${forAWhile(world, () => network.join(party))}`
}

function powerCut(world: World): string {
  const host = anyHost(world)
  host.powerOff()
  return `${host.name} has no power for ${forAWhile(world, () => host.powerOn())}`
}

function hostAgentDies(world: World): string | undefined {
  const { random } = world
  const host = anyHost(world)
  if (random.chance(0.5)) {
    const write = host.disk.death.writes() + random.below(4)
    const when = random.pick(['before', 'after'] as const)
    host.disk.death.set({ write, when })
    return `the agent of ${host.name} is to die ${when} write ${write}`
  }
  host.killAgent()
  return `the agent of ${host.name} is dead for ${forAWhile(world, () => host.agent() ?? host.startAgent())}`
}

function controllerDies(world: World): string {
  const { random, controller, vault } = world
  if (random.chance(0.6)) {
    const write = vault.death.writes() + random.below(6)
    const when = random.pick(['before', 'after'] as const)
    vault.death.set({ write, when })
    return `the controller is to die ${when} commit ${write}`
  }
  controller.kill()
  return `the controller is dead for ${forAWhile(world, () => controller.state() ?? controller.start())}`
}

function controllerIsStopped(world: World): string | undefined {
  const { controller } = world
  if (!controller.state()) return undefined
  controller.pause()
  return `the controller is stopped for ${forAWhile(world, () => controller.resume())}`
}

function hostAgentIsStopped(world: World): string | undefined {
  const host = anyHost(world)
  if (!host.agent()) return undefined
  host.pauseAgent()
  return `the agent of ${host.name} is stopped for ${forAWhile(world, () => host.resumeAgent())}`
}

function guestProcessIsStopped(world: World): string | undefined {
  const guests = [...world.hosts.values()].flatMap(({ machine }) => machine.guests())
  if (guests.length === 0) return undefined
  const guest = world.random.pick(guests)
  const part = world.random.pick(Object.keys(thinkingParts) as ThinkingPart[])
  guest.pause(part)
  return `the ${part} of ${guest.key} is stopped for ${forAWhile(world, () => guest.resume())}`
}

function balancerIsStopped(world: World): string | undefined {
  const balancer = anyBalancer(world)
  if (!balancer.runs()) return undefined
  balancer.pause()
  return `the ${balancer.name} is stopped for ${forAWhile(world, () => balancer.resume())}`
}

function clientsHoldOn(world: World): string | undefined {
  const { random } = world
  const balancer = anyBalancer(world)
  const members = balancer.table().endpoints.flatMap(({ members }) => members)
  if (members.length === 0) return undefined
  const { instance } = random.pick(members)
  const what = random.pick(['stream', 'request'] as const)
  balancer.hold(instance, what)
  return `a ${what} of ${instance} has no end for ${forAWhile(world, () => balancer.letGo(instance))}`
}

/** Of the only controller's machine, or of a host with all that runs on it. */
function clockIsSet(world: World): string {
  const { random, controller, hosts, several } = world
  const name = random.pick([...(several ? [] : [controllerName]), ...hosts.keys()])
  const ms = random.pick(clockStepsMs)
  ;(hosts.get(name) ?? controller).setClock(ms)
  return `the clock of ${name} is set ${Math.abs(ms) / 1_000} s ${ms > 0 ? 'forward' : 'back'}`
}

/** Answers late, not at all, or refuses, one time in some; or only refuses for a while, as a store with a full disk. */
function storeIsUnwell(world: World): string {
  const { random } = world
  const [what, weather] = random.pick([
    ['is slow', { answerMs: [1, 300], refused: 0, unanswered: 0 }],
    ['is very slow', { answerMs: [500, 4_000], refused: 0, unanswered: 0 }],
    ['refuses one batch in three', { answerMs: [0, 50], refused: 0.3, unanswered: 0 }],
    ['refuses everything', { answerMs: [0, 5], refused: 1, unanswered: 0 }],
    ['is slow and leaves one batch in ten unanswered', { answerMs: [0, 200], refused: 0, unanswered: 0.1 }],
  ] as const)
  world.setStoreWeather(weather)
  return `the store ${what} for ${forAWhile(world, () => world.setStoreWeather(soundStore))}`
}

/** Its agent can store nothing, and goes on; guests to be started or stopped there wait. */
function diskIsFull(world: World): string {
  const { name, disk } = anyHost(world)
  disk.setFull(true)
  return `the disk of ${name} is full for ${forAWhile(world, () => disk.setFull(false))}`
}

function everyDiskIsFull(world: World): string {
  setAllDisksFull(world, true)
  return `every disk is full for ${forAWhile(world, () => setAllDisksFull(world, false))}`
}

function anotherMaster({ controller }: World): string {
  controller.start()
  return 'another master takes over'
}

function balancerDies(world: World): string {
  const balancer = anyBalancer(world)
  balancer.kill()
  return `the ${balancer.name} is dead for ${forAWhile(world, () => balancer.runs() || balancer.start())}`
}

function silenceGuest(world: World): string | undefined {
  const guests = anyHost(world).machine.guests()
  if (guests.length === 0) return undefined
  const guest = world.random.pick(guests)
  guest.setSilent(true)
  return `the guest of ${guest.key} is silent for ${forAWhile(world, () => guest.setSilent(false))}`
}

function guestDies(world: World): string | undefined {
  const guests = anyHost(world).machine.guests()
  if (guests.length === 0) return undefined
  const guest = world.random.pick(guests)
  const part = world.random.pick(guestParts)
  guest.kill(part)
  return `the ${part} of ${guest.key} dies`
}

function updateGuestAgents(world: World): string {
  const host = anyHost(world)
  host.updateGuestAgents()
  return `${host.name} has another guest agent`
}

function script({ random, behaviours }: World): string {
  const role = random.pick(['Web', 'Worker', 'Web_IN_0', 'Worker_IN_1'])
  const behaviour = random.pick([
    {},
    {},
    {},
    {},
    {},
    { failsOnStart: true },
    { endsAfterMs: random.between(500, 60_000) },
    { onStartMs: random.between(1_000, 120_000) },
    { onStopMs: random.between(1_000, 400_000) },
    { cancelsChanges: true },
    { returnsAfterMs: random.between(500, 60_000) },
    { taskFails: true },
    { taskMs: random.between(1_000, 120_000) },
    { besideMs: random.between(500, 60_000) },
    { isBusy: true },
    { hangs: true },
    { diskIsFull: true },
  ])
  behaviours.set(role, behaviour)
  return `script ${role}: ${JSON.stringify(behaviour)}`
}

function machinesFail(world: World): string {
  world.setFailures(0.2)
  return `one in five actions of the hosts fails for ${forAWhile(world, () => world.setFailures(0))}`
}

/** Undoes something after one of the spans; returns the span. */
export function forAWhile({ clock, random }: World, undo: () => unknown): string {
  const ms = random.pick(spansMs)
  clock.schedule(clock.now() + ms, () => void undo())
  return `${ms / 1_000} s`
}

function anyHost({ random, hosts }: World): SimulatedHost {
  return random.pick([...hosts.values()])
}

function anyBalancer({ random, balancer, balancers }: World): SimulatedBalancer {
  return balancers.length === 1 ? balancer : random.pick([...balancers])
}
