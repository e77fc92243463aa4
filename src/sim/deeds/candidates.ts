import type { Candidate } from '../controller.ts'
import type { Several } from '../several.ts'
import type { World } from '../world.ts'
import type { Deed } from './deed.ts'
import { forAWhile } from './faults.ts'

/** Faults of a fabric of several machines. */
export const candidateDeeds: readonly Deed[] = [
  deed(4, candidateDies),
  deed(5, masterDiesAtACommit),
  deed(6, candidateIsStopped),
  deed(3, masterResigns),
  deed(8, partsAreParted),
  deed(4, machineIsCutOff),
  deed(4, machinesAreCutOff),
  deed(5, machineIsGone),
  deed(3, memberIsDead),
  deed(3, quorumIsLost),
]

function deed(weight: number, run: (world: World, several: Several) => string | undefined): Deed {
  return {
    weight,
    on: 'several machines',
    run: (world) => (world.several ? run(world, world.several) : undefined),
  }
}

/** Mostly the master, if there is one. */
function anyCandidate({ random }: World, { candidates, master }: Several): Candidate {
  const found = random.chance(0.6) ? master() : undefined
  return found ?? random.pick([...candidates.values()])
}

function candidateDies(world: World, several: Several): string {
  const one = anyCandidate(world, several)
  one.kill()
  return `${one.name} is dead for ${forAWhile(world, () => one.runs() || one.start())}`
}

function masterDiesAtACommit({ random, vault: { death } }: World): string {
  const write = death.writes() + random.below(6)
  const when = random.pick(['before', 'after'] as const)
  death.set({ write, when })
  return `the master is to die ${when} commit ${write}`
}

function candidateIsStopped(world: World, several: Several): string {
  const one = anyCandidate(world, several)
  one.pause()
  return `${one.name} is stopped for ${forAWhile(world, one.resume)}`
}

function masterResigns(_: World, { master }: Several): string | undefined {
  const found = master()
  found?.resign()
  return found && `${found.name} resigns`
}

/** Between two machines, a machine and etcd's members on the others, the hosts and the controllers, and so on. */
function partsAreParted(world: World, { machines, partitions, master }: Several): string {
  const { random } = world
  const machineOfMaster = master()?.name.replace('controller', 'machine')
  const one = random.chance(0.5) && machineOfMaster ? machineOfMaster : random.pick(machines)
  const others = [...machines.filter((name) => name !== one), 'etcd', 'controllers', 'hosts', 'clients']
  const other = random.pick(others)
  const [from, to] = random.chance(0.5) ? [one, other] : [other, one]
  const ways = random.pick(['one', 'both'] as const)
  const end = partitions.part(from, to, ways)
  const words = ways === 'both' ? 'and back are parted' : 'does not come through'
  return `what ${from} sends to ${to} ${words} for ${forAWhile(world, end)}`
}

function machineIsCutOff(world: World, { machines, partitions }: Several): string {
  const machine = world.random.pick(machines)
  return `${machine} is cut off for ${forAWhile(world, partitions.cutOff(machine))}`
}

/** Longer than an impatient operator gives a host that is lost. */
const cutOffMs = [60_000, 5 * 60_000] as const

/** As by a switch: one another they reach. */
function machinesAreCutOff(world: World, { machines, partitions }: Several): string {
  const { random, clock } = world
  const first = random.below(machines.length)
  const count = random.between(2, machines.length - 1)
  const some = [...machines, ...machines].slice(first, first + count)
  const ms = random.between(...cutOffMs)
  clock.schedule(clock.now() + ms, partitions.cutOff(...some))
  return `${some.join(', ')} are cut off together for ${ms / 1_000} s`
}

function machineIsGone(world: World, { machines, setPower }: Several): string {
  const machine = world.random.pick(machines)
  setPower(machine, false)
  return `${machine} has no power for ${forAWhile(world, () => setPower(machine, true))}`
}

function memberIsDead(world: World, { etcd, setMember }: Several): string {
  const member = world.random.pick(etcd.members)
  setMember(member, 'down')
  return `${member} is dead for ${forAWhile(world, () => setMember(member, 'up'))}`
}

function quorumIsLost(world: World, { etcd, setMember }: Several): string {
  const members = etcd.members.slice(0, Math.ceil(etcd.members.length / 2))
  for (const member of members) setMember(member, 'down')
  const undo = () => {
    for (const member of members) setMember(member, 'up')
  }
  return `${members.join(', ')} are dead for ${forAWhile(world, undo)}`
}
