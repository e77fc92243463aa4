import type { Command } from '../fabric/contract/commands.ts'
import { buildWorld } from './build-world.ts'
import { type Checker, nothing } from './checkers/checker.ts'
import { allCheckers } from './checkers.ts'
import { reserveAddress } from './commands/addresses.ts'
import { narratorOf } from './narrator.ts'
import type { SimulatedService } from './package.ts'
import type { Death, PlanOfDeath } from './plan-of-death.ts'
import { unsettled } from './settled.ts'
import type { World } from './world.ts'

/** Which process dies: the controller, one Host Agent, or the guest agents of one instance. */
export type Victim = 'controller' | `host-${number}` | `guest agent of ${string}`

export interface Life {
  /** Durable writes of the victim. */
  readonly writes: number
  /** What is not as requested at the end; empty when all is well. */
  readonly complaints: readonly string[]
  /** Roles that were stopped, and guests that were ended, each by its instance, in alphabetical order. */
  readonly stopped: readonly string[]
  readonly transcript: readonly string[]
}

/** What is requested, and whether all must be as requested a while later. */
interface Step {
  command(world: World): Command
  readonly settles?: false
}

/** The next command comes when all is as requested: at the earliest when a process that has died has been back for a while (it takes 3 s). */
const leastBetweenMs = 20_000
const mostBetweenMs = 60_000
const lookEveryMs = 5_000

const target = { service: 'shop', slot: 'Production' } as const
const deployment = { ...target, start: true } as const
const form: SimulatedService = {
  name: 'shop',
  upgradeDomains: 2,
  roles: [
    { name: 'Web', instances: 4, httpPort: 80 },
    { name: 'Worker', instances: 2 },
  ],
}
const [web, worker] = form.roles as [SimulatedService['roles'][number], SimulatedService['roles'][number]]
const small: SimulatedService = { ...form, roles: [{ ...web, instances: 2 }] }
const created: readonly Step[] = [
  { command: () => ({ kind: 'createService', service: 'shop', label: '', extendedProperties: {} }) },
  { command: (world) => world.upload(form, deployment) },
]

/** Lives of a service of six instances. */
const lives = {
  /** Deployed, one instance rebooted, suspended, resumed, deleted while another one comes. */
  plain: [
    ...created,
    { command: () => ({ kind: 'rebootInstance', deployment: target, instance: 'Web_IN_1' }) },
    { command: () => ({ kind: 'updateDeploymentStatus', deployment: target, status: 'Suspended' }) },
    { command: () => ({ kind: 'updateDeploymentStatus', deployment: target, status: 'Running' }) },
    { command: () => ({ kind: 'deleteDeployment', deployment: target }) },
    { command: (world) => world.upload(form, deployment) },
  ],
  /** Upgraded, configured with one instance more, upgraded by hand to a bad package, rolled back, one instance deleted. */
  upgraded: [
    ...created,
    { command: (world) => upgrade(world, 'v2', 'Auto') },
    { command: (world) => configure(world) },
    { command: (world) => upgrade(world, 'bad', 'Manual'), settles: false },
    { command: () => ({ kind: 'walkUpgradeDomain', deployment: target, domain: 0 }), settles: false },
    { command: () => ({ kind: 'rollback', deployment: target, mode: 'Auto', force: false }) },
    { command: () => ({ kind: 'deleteInstances', deployment: target, instances: ['Web_IN_1'] }) },
  ],
  /** A host drained and given back while an upgrade comes, then one with a newer guest OS. */
  serviced: [
    ...created,
    { command: () => ({ kind: 'drainHost', host: 'host-0' }), settles: false },
    { command: (world) => upgrade(world, 'v2', 'Auto'), settles: false },
    { command: () => ({ kind: 'endDrain', host: 'host-0' }) },
    {
      command(world) {
        world.releaseSystem(4)
        return { kind: 'rebootInstance', deployment: target, instance: 'Web_IN_1' }
      },
    },
  ],
  /** Two addresses are reserved, each slot has one, they are swapped; one deployment goes, and its address after it. */
  swapped: [
    { command: () => reserveAddress('one') },
    { command: () => reserveAddress('two') },
    { command: () => ({ kind: 'createService', service: 'shop', label: '', extendedProperties: {} }) },
    { command: (world) => world.upload({ ...small, address: 'one' }, deployment) },
    { command: (world) => world.upload({ ...small, address: 'two' }, { ...deployment, slot: 'Staging' }) },
    { command: () => ({ kind: 'swap', service: 'shop', production: 'shop-production', source: 'shop-staging' }) },
    { command: () => ({ kind: 'deleteDeployment', deployment: { ...target, slot: 'Staging' } }) },
    { command: () => ({ kind: 'releaseAddress', reservedAddress: 'two' }) },
  ],
} satisfies Readonly<Record<string, readonly Step[]>>

/**
 * One of the lives. With a `death` the victim dies at that write, and starts again; with several `candidates` it is the one that is master then, and
 * another goes on. Every checker is on.
 */
export function liveThrough(life: keyof typeof lives, victim: Victim, death?: Death, candidates?: number): Life {
  const stopped: string[] = []
  const counting = (): Checker => ({
    name: 'counting',
    check(facts) {
      for (const fact of facts) if (fact.kind === 'roleStopping' || fact.kind === 'guestEnded') stopped.push(fact.key)
      return nothing
    },
  })
  const plan = { hosts: 3, coresOfHost: 4, faultDomains: 2, seed: 1, candidates }
  const world = buildWorld(plan, [...allCheckers, counting])
  world.programs.set('bad', { failsOnStart: true })
  const narrator = narratorOf(world)
  const deaths = planOf(world, victim)
  if (death) deaths.set(death)
  const { frontEnd } = world
  const complaints: string[] = []
  try {
    const steps: readonly Step[] = lives[life]
    for (const { command, settles } of steps) {
      frontEnd.send(command(world))
      rest(world, settles === false ? mostBetweenMs : leastBetweenMs)
      if (settles !== false) complaints.push(...unsettled(world))
    }
    for (const { command, reply } of frontEnd.requests().values())
      if (!reply || 'refused' in reply) complaints.push(`${command.kind} was refused`)
  } catch (error) {
    complaints.push((error as Error).message)
  }
  const lost = (key: string) => key.replace(/^[^.]*/, 'shop')
  return { writes: deaths.writes(), complaints, stopped: stopped.map(lost).sort(), transcript: narrator.tell() }
}

/** Time passes until the next command. */
function rest(world: World, leastMs: number): void {
  const { clock } = world
  const latest = clock.now() + mostBetweenMs
  world.runUntil(clock.now() + leastMs)
  while (clock.now() < latest && unsettled(world).length > 0) world.runUntil(clock.now() + lookEveryMs)
}

function upgrade(world: World, program: string, mode: 'Auto' | 'Manual'): Command {
  const roles = program === 'v2' ? form.roles : configuredRoles
  return {
    kind: 'upgradeDeployment',
    deployment: target,
    mode,
    label: program,
    force: false,
    extendedProperties: {},
    ...world.pack({ ...form, roles, program }),
  }
}

const configuredRoles = [web, { ...worker, instances: 3, colour: 'red' }]

function configure(world: World): Command {
  return {
    kind: 'changeConfiguration',
    deployment: target,
    configuration: world.pack({ ...form, roles: configuredRoles }).configuration,
    mode: 'Auto',
    treatWarningsAsError: false,
    extendedProperties: {},
  }
}

function planOf({ vault, hosts, guestAgentDeath }: World, victim: Victim): PlanOfDeath {
  const [, instance] = /^guest agent of (.*)$/.exec(victim) ?? []
  if (instance) return guestAgentDeath(instance)
  return hosts.get(victim)?.disk.death ?? vault.death
}
