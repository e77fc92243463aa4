import { type Fault, refused } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { isVipOf, rangeText } from '../../contract/vip-range.ts'
import { sameName } from '../state/find.ts'
import type { MachineRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'
import { machineNamed, machinesOf, memberUrlOf } from './find-machine.ts'
import { freeNumber } from './free-number.ts'
import type { Joiner } from './joiner.ts'
import { mayJoin } from './may-join.ts'

/** Why a token opens nothing; undefined: it does, or has. Asked first, so that who has none learns nothing of the fabric. */
export function tokenRefusal({ stored }: FabricState, token: string, now: Instant): Fault | undefined {
  const known = stored.joinToken.get(token)
  if (!known)
    return forbidden(
      'The token is none of this fabric, or was made long ago. Make one on a machine of it with: reddog host token',
    )
  const { validUntil } = known
  return now < validUntil
    ? undefined
    : forbidden('The token is not valid any more. Make another one with: reddog host token')
}

/** The machine that has joined by the same token, under the same name and with the same keys: its answer was lost. */
export function joinedAlready(state: FabricState, { name, token, keys }: Joiner): MachineRecord | undefined {
  const machine = machineNamed(state, name)
  return machine?.token === token && machine.keys === keys ? machine : undefined
}

/** Why a machine cannot join, in one sentence with what to do; undefined when it can, or has. */
export function joinRefusal(state: FabricState, joiner: Joiner, now: Instant): Fault | undefined {
  const late = tokenRefusal(state, joiner.token, now)
  if (late || joinedAlready(state, joiner)) return late
  const { usedBy, controller } = state.stored.joinToken.get(joiner.token) ?? {}
  if (usedBy !== undefined)
    return forbidden(
      `The token has been used by the machine ${usedBy}, and works once. Make another one with: reddog host token`,
    )
  if (joiner.controller && !controller)
    return forbidden('The token is for hosts alone. Make one for a candidate with: reddog host token --controller')
  const version = mayJoin(state.facts.cluster?.version ?? '', joiner.version)
  if (version !== undefined) return refused('ConflictError', version).fault
  return taken(state, joiner) ?? memberLeaves(state, joiner)
}

/** A member of etcd is found by its address: the new machine would get the one of the former, and with it that one's removal. */
function memberLeaves(state: FabricState, { address, controller }: Joiner): Fault | undefined {
  if (!controller) return undefined
  const url = memberUrlOf(state, { address })
  const former = [...state.stored.formerMachine.values()].find(({ member }) => member?.memberUrl === url)
  return former && refused('ServerBusy', leavesWords(former.name, address)).fault
}

function leavesWords(former: string, address: string): string {
  return `The member of etcd of the former machine ${former}, at ${address}, is still being removed. Try again when "reddog host list" does not name it any more.`
}

/** What of the machine another one has. */
function taken(state: FabricState, { name, address, computer }: Joiner): Fault | undefined {
  const machines = machinesOf(state)
  if (machineNamed(state, name))
    return conflict(
      `A machine of the fabric is called ${name} already. Give another name with --machine, or remove that one first.`,
    )
  if ([...state.stored.host.keys()].some((host) => sameName(host, name)))
    return conflict(
      `Role instances of a host ${name} that was removed wait for room elsewhere. Give another name with --machine.`,
    )
  const there = machines.find((one) => one.address === address)
  if (there)
    return conflict(
      `The machine ${there.name} has the address ${address} already. Give that of this machine with --address.`,
    )
  const { vipRange } = state.facts
  if (vipRange && isVipOf(vipRange, address))
    return conflict(
      `The address ${address} is one of the VIPs ${rangeText(vipRange)}. Give the machine another one with --address.`,
    )
  const clone = machines.find((one) => one.computer === computer)
  if (clone)
    return conflict(
      `The computer has the machine ID of ${clone.name}: its disk is a copy. Give it one of its own with: rm /etc/machine-id && systemd-machine-id-setup`,
    )
  return freeNumber(state) === undefined
    ? conflict('The fabric has as many machines as it has numbers for.')
    : undefined
}

function forbidden(message: string): Fault {
  return refused('ForbiddenError', message).fault
}

function conflict(message: string): Fault {
  return refused('ConflictError', message).fault
}
