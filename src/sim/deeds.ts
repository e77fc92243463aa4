import type { Command } from '../fabric/contract/commands.ts'
import type { DeploymentRecord } from '../fabric/controller/records.ts'
import { balancerName } from './balancer.ts'
import { controllerName } from './controller.ts'
import { frontEndName } from './front-end.ts'
import { guestParts } from './guest/guest.ts'
import type { SimulatedHost } from './host.ts'
import { calm, stormy } from './network.ts'
import { addCertificates, type SimulatedService } from './package.ts'
import type { World } from './world.ts'

/** Something that a user or fate may do in a storm. */
export interface Deed {
  /** How often, in comparison with the others. */
  readonly weight: number
  /** Answers with what was done; undefined when there was nothing to do it to. */
  run(world: World): string | undefined
}

/** Short, within hostLostAfter, within hostRecoverBudget, and beyond it. */
const spansMs = [2_000, 20_000, 150_000, 900_000] as const

/** Names that addresses are reserved under. */
export const addressNames = ['one', 'two', 'three', 'four'] as const

/** Share of the deployments at a reserved address: some name one that there is not, or that is in use. */
const reservedShare = 0.3

export const services = ['shop', 'blog', 'mail'] as const

export const faults: readonly Deed[] = [
  { weight: 8, run: createService },
  { weight: 14, run: deploy },
  { weight: 3, run: (world) => ofDeployment(world, (deployment) => ({ kind: 'deleteDeployment', deployment })) },
  { weight: 1, run: deleteService },
  { weight: 3, run: (world) => turn(world, 'Suspended') },
  { weight: 8, run: (world) => turn(world, 'Running') },
  { weight: 5, run: restartInstance },
  { weight: 5, run: weather },
  { weight: 4, run: (world) => away(world, world.random.pick([...world.hosts.keys()])) },
  { weight: 2, run: (world) => away(world, balancerName) },
  { weight: 1, run: (world) => away(world, frontEndName) },
  { weight: 1, run: (world) => away(world, controllerName) },
  { weight: 4, run: powerCut },
  { weight: 6, run: hostAgentDies },
  { weight: 5, run: controllerDies },
  { weight: 2, run: anotherMaster },
  { weight: 2, run: balancerDies },
  { weight: 10, run: silenceGuest },
  { weight: 10, run: guestDies },
  { weight: 1, run: updateGuestAgents },
  { weight: 6, run: script },
  { weight: 2, run: machinesFail },
]

function createService({ random, frontEnd }: World): string {
  const service = random.pick(services)
  frontEnd.send({ kind: 'createService', service, label: '', extendedProperties: {} })
  frontEnd.send(addCertificates(service, ['A', 'B']))
  return `create service ${service}`
}

function deploy(world: World): string {
  const { random, frontEnd } = world
  const service = random.pick(services)
  const slot = random.chance(0.75) ? 'Production' : 'Staging'
  const address = random.chance(reservedShare) ? random.pick(addressNames) : undefined
  const form = { ...serviceForm(world, service), address }
  frontEnd.send(world.upload(form, { service, slot, start: random.chance(0.85) }))
  return `deploy ${service} to ${slot}${address ? ` at address ${address}` : ''}: ${form.roles.map(({ name, instances, size }) => `${instances} ${name} of size ${size}`).join(', ')}`
}

/** Most services are small; in a large building they are large. */
export function serviceForm({ random, hosts }: World, name: string): SimulatedService {
  const most = hosts.size > 8 ? 100 : 5
  const size = () => random.pick(['ExtraSmall', 'Small', 'Small', 'Medium'])
  const web = {
    name: 'Web',
    instances: random.between(1, most),
    size: size(),
    httpPort: 80,
    ...(random.chance(0.2) && { certificate: 'A' }),
  }
  const worker = { name: 'Worker', instances: random.between(1, most), size: size() }
  return {
    name,
    roles: random.pick([[web], [worker], [web, worker]]),
    upgradeDomains: random.chance(0.8) ? random.between(1, 5) : random.between(6, 20),
    blast: random.chance(0.2),
  }
}

function ofDeployment(
  world: World,
  command: (deployment: { service: string; name: string }) => Command,
): string | undefined {
  const record = anyDeployment(world)
  if (!record) return undefined
  const asked = command({ service: record.service, name: record.name })
  world.frontEnd.send(asked)
  return `${asked.kind} ${record.name}`
}

function deleteService({ random, frontEnd }: World): string {
  const service = random.pick(services)
  frontEnd.send({ kind: 'deleteService', service, withDeployments: random.chance(0.7) })
  return `delete service ${service}`
}

function turn(world: World, status: 'Running' | 'Suspended'): string | undefined {
  return ofDeployment(world, (deployment) => ({ kind: 'updateDeploymentStatus', deployment, status }))
}

function restartInstance(world: World): string | undefined {
  const { random, controller, frontEnd } = world
  const record = anyDeployment(world)
  const instances = [...(controller.state()?.stored.instance.values() ?? [])]
  const mine = instances.filter(({ deployment }) => deployment === record?.id)
  if (!record || mine.length === 0) return undefined
  const kind = random.pick(['rebootInstance', 'reimageInstance', 'rebuildInstance'] as const)
  const { name } = random.pick(mine)
  frontEnd.send({ kind, deployment: { service: record.service, name: record.name }, instance: name })
  return `${kind} ${name} of ${record.name}`
}

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

function anotherMaster({ controller }: World): string {
  controller.start()
  return 'another master takes over'
}

function balancerDies(world: World): string {
  const { balancer } = world
  balancer.kill()
  return `the balancer is dead for ${forAWhile(world, () => balancer.runs() || balancer.start())}`
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

/** Undoes something after one of the spans; answers with the span. */
function forAWhile({ clock, random }: World, undo: () => unknown): string {
  const ms = random.pick(spansMs)
  clock.schedule(clock.now() + ms, () => void undo())
  return `${ms / 1_000} s`
}

function anyHost({ random, hosts }: World): SimulatedHost {
  return random.pick([...hosts.values()])
}

export function anyDeployment({ random, controller }: World): DeploymentRecord | undefined {
  const deployments = [...(controller.state()?.stored.deployment.values() ?? [])]
  return deployments.length === 0 ? undefined : random.pick(deployments)
}
