import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { stoppedBy } from '../brake/running-on.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { failed } from '../history/operations.ts'
import { awaitingRoom } from '../places/awaiting-room.ts'
import { subjectsOfHost } from '../servicing/subjects-of-host.ts'
import type { Change } from '../state/change.ts'
import { instancesOn } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { MachineRecord } from '../state/records/machine.ts'
import { type FabricState, lastHeard } from '../state/state.ts'
import { overtaken } from '../update/operations.ts'
import { listed } from '../update/words.ts'
import { findMachine, isStanding, isVoter, machinesOf, oneMachine } from './find-machine.ts'
import { partWith } from './part-with.ts'

/** As many reports in a row do not get lost. */
const awayHeartbeats = 3

/** A machine leaves the fabric: with the commit its certificates are worth nothing. Its member of etcd goes, and its instances are healed elsewhere. */
export function removeHost(
  state: FabricState,
  { host: asked, force }: CommandOf<'removeHost'>,
  { now, requestId }: Request,
): Result<Accepted> {
  if (!state.facts.cluster) return oneMachine()
  const found = findMachine(state, asked)
  if (!found.ok) return found
  const machine = found.value
  const host = state.stored.host.get(machine.name)
  const reason = needed(state, machine) ?? voting(state, machine, now) ?? (force ? undefined : busy(state, host, now))
  if (reason !== undefined) return refused('ConflictError', reason)
  return fine({
    changes: [...partWith(state, machine, now), ...(host ? withoutMachine(state, host, requestId, now) : [])],
    touched: [...subjectsOfHost(state, machine.name), ...awaitingRoom(state), 'pool'],
    ended: true,
    makesRoom: true,
  })
}

/** Why the fabric needs the machine, whatever is asked. */
function needed(state: FabricState, { name }: MachineRecord): string | undefined {
  const others = machinesOf(state).filter((one) => one.name !== name && isStanding(state, one))
  if (others.length === 0)
    return `The machine ${name} cannot be removed: no other is a candidate, and the fabric would have no controller. Let one join with: reddog host token --controller`
  return name === state.facts.cluster?.machine
    ? `The machine ${name} cannot be removed now: it is the master's. Stop the fabric there with reddog down, and ask again once another is master.`
    : undefined
}

/**
 * Why etcd would keep its member, whatever is asked: it lets one that runs go only while most of the others run. The machine would be locked out and its
 * member counted on, and with it the quorum would be gone.
 */
function voting(state: FabricState, machine: MachineRecord, now: number): string | undefined {
  if (!isVoter(state, machine) || isAway(state, machine, now)) return undefined
  const others = machinesOf(state).filter((one) => one.name !== machine.name && isVoter(state, one))
  const leaving = [...state.stored.formerMachine.values()].filter(({ member }) => member !== undefined)
  const away = [...others.filter((one) => isAway(state, one, now)), ...leaving].map(({ name }) => name)
  const count = others.length + leaving.length
  if (count - away.length > count / 2) return undefined
  const [are, them] = away.length === 1 ? ['is', 'it'] : ['are', 'them']
  return `The machine ${machine.name} cannot be removed now: ${listed(away)} ${are} away, and without ${machine.name} too few would be left for a quorum of etcd. Bring ${them} back or remove ${them} first, and ask again.`
}

/** Not heard for longer than reports take that are on their way. The master's own is there. */
function isAway(state: FabricState, { name }: MachineRecord, now: number): boolean {
  const { cluster, timers } = state.facts
  if (name === cluster?.machine) return false
  return state.observed.lost.has(name) || now - lastHeard(state, name) > awayHeartbeats * timers.heartbeatInterval
}

/** Why its host is to be drained first. */
function busy(state: FabricState, host: HostRecord | undefined, now: number): string | undefined {
  if (!host || host.drain?.drainedAt !== undefined) return undefined
  if (state.observed.lost.has(host.name))
    return now < (stoppedBy(state, host.name) ?? Number.POSITIVE_INFINITY)
      ? `The host ${host.name} is lost, and may still run what it has, with others that are away or were until now. When you know that it is off, give --force.`
      : undefined
  const count = instancesOn(state, host.name).length
  if (count === 0) return undefined
  return `The host ${host.name} answers, and has ${count} role ${count === 1 ? 'instance' : 'instances'}. Take them from it with: reddog host drain ${host.name}. Or give --force, and they are healed elsewhere.`
}

/** The host is lost for good. It stays recorded until its instances have room elsewhere; servicing it has an end. */
function withoutMachine(
  { stored }: FabricState,
  { drain, ...host }: HostRecord,
  requestId: string,
  now: number,
): readonly Change[] {
  const operation = stored.operation.get(drain?.operation ?? '')
  const isOpen = operation?.status === 'InProgress'
  return [
    put('host', host.name, { ...host, removed: drain?.drainedAt === undefined ? true : 'drained' }),
    ...(isOpen ? [put('operation', operation.id, failed(operation, overtaken(requestId, 'host'), now))] : []),
  ]
}
