import { isoSeconds } from '../../../kernel/instant.ts'
import type { MachineView } from '../../contract/machines.ts'
import type { FabricMachinesView, MachineState } from '../../contract/views.ts'
import { isStanding, machinesOf } from '../machines/find-machine.ts'
import type { MachineRecord } from '../state/records/machine.ts'
import type { FabricState } from '../state/state.ts'

/** Every machine as all of them may know it. */
export function machineViews(state: FabricState): readonly MachineView[] {
  const port = state.facts.cluster?.ports.controller
  return machinesOf(state).map(({ name, address, number, controller, version, certificates }) => ({
    name,
    address,
    number,
    controller,
    ...(controller && { controllerUrl: `https://${address}:${port}` }),
    version,
    // Those that have ended too: a master whose clock is wrong would make all of them strangers to each other.
    certificates: certificates.map(({ fingerprint }) => fingerprint),
    ...(state.stored.host.get(name)?.drain && { isServiced: true as const }),
  }))
}

/** What a user may know of the machines: null in a fabric of one. */
export function fabricMachinesView(state: FabricState): FabricMachinesView | null {
  const { cluster } = state.facts
  if (!cluster) return null
  const leaving = [...state.stored.formerMachine].flatMap(([key, { name, member }]) =>
    member === undefined ? [] : [`${name} was removed; its member of etcd is not yet${faultWords(state, key)}`],
  )
  return {
    authority: state.stored.authority.get('fabric')?.certificatePem ?? '',
    machines: machinesOf(state).map((machine) => stateOf(state, machine)),
    leaving,
  }
}

function stateOf(state: FabricState, machine: MachineRecord): MachineState {
  const { name, address, number, version } = machine
  const isMaster = name === state.facts.cluster?.machine
  const standing = machine.controller ? [isMaster ? 'master' : 'candidate'] : []
  return { name, address, number, version, roles: ['host', ...standing], notes: notesOf(state, machine, isMaster) }
}

function notesOf(state: FabricState, machine: MachineRecord, isMaster: boolean): readonly string[] {
  if (isMaster) {
    const { epoch, cluster } = state.facts
    return [
      `is the master since ${isoSeconds(state.startedAt)}: ${cluster?.because ?? 'it opened the store last'} (epoch ${epoch})`,
    ]
  }
  if (!machine.controller || isStanding(state, machine)) return []
  const key = machine.name.toLowerCase()
  const what = machine.etcd ? 'its member of etcd learns, and may not vote yet' : 'it has no member of etcd yet'
  return [`cannot be master: ${what}${faultWords(state, key)}`]
}

function faultWords({ observed }: FabricState, key: string): string {
  const known = observed.memberFaults.get(key)
  return known ? `. ${known.fault.message}` : ''
}
