import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { MachineRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'

/** The machine of that name, letter case aside. */
export function machineNamed({ stored }: FabricState, name: string): MachineRecord | undefined {
  return stored.machine.get(name.toLowerCase())
}

/** The same, for a request of a user. */
export function findMachine(state: FabricState, name: string): Result<MachineRecord> {
  const found = machineNamed(state, name)
  const names = machinesOf(state).map((machine) => machine.name)
  return found
    ? fine(found)
    : refused('ResourceNotFound', `No machine is called "${name}". The machines are: ${names.join(', ')}.`)
}

/** All machines, by their names. */
export function machinesOf({ stored }: FabricState): readonly MachineRecord[] {
  return [...stored.machine.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether a machine is to have a member of etcd: in a fabric that has etcd from elsewhere none has. */
export function hasMember({ stored }: FabricState, { controller }: Pick<MachineRecord, 'controller'>): boolean {
  return controller && stored.authority.has('etcd')
}

/** Where the other members of etcd reach that of a machine. */
export function memberUrlOf({ facts }: FabricState, { address }: Pick<MachineRecord, 'address'>): string {
  return `https://${address}:${facts.cluster?.ports.etcdMembers}`
}

/** Whether its member of etcd counts for the quorum: that of the first machine does from the beginning. */
export function isVoter(state: FabricState, machine: MachineRecord): boolean {
  return hasMember(state, machine) && (machine.token === '' || machine.etcd?.isVoter === true)
}

/** Whether it can be master: a candidate that is not on its way any more. */
export function isStanding(state: FabricState, machine: MachineRecord): boolean {
  return machine.controller && (!hasMember(state, machine) || isVoter(state, machine))
}

/** The refusal of what only a fabric of several machines does. */
export function oneMachine(): ReturnType<typeof refused> {
  return refused(
    'ConflictError',
    'This fabric is of one machine, and no other can join it. Begin one that others can join with: reddog up --cluster',
  )
}
