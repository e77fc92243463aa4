import type { Host, Machines } from '../service-management/service-management.ts'
import { table } from './table.ts'

type Machine = Machines['machines'][number]

/** What is known of the host of a machine that has not registered yet. */
const unregistered = { state: 'NotRegistered', instances: [], waitsFor: [], unknown: [] }

/** Each host with what is known of its machine; a machine whose host has not registered has none. */
export function hostsAndMachines(hosts: readonly Host[], { machines, leaving }: Machines) {
  const isOf = (machine: Machine) => (host: Host) => host.name === machine.name
  const alone = hosts.filter((host) => !machines.some((machine) => isOf(machine)(host)))
  return {
    hosts: [...machines.map((machine) => ({ ...(hosts.find(isOf(machine)) ?? unregistered), ...machine })), ...alone],
    leaving,
  }
}

/** A row a machine; below it, why it is the master, or what hinders it to be. Nothing in a fabric of one machine. */
export function machineLines({ machines, leaving }: Machines): readonly string[] {
  if (machines.length === 0) return []
  const rows = machines.map(({ name, roles, address, version }) => [name, roles.join(', '), address, version])
  const [heading = '', ...lines] = table([['MACHINE', 'ROLES', 'ADDRESS', 'VERSION'], ...rows])
  const notesOf = (row: number) => machines[row]?.notes.map((note) => `  ${machines[row]?.name} ${note}`) ?? []
  return ['', heading, ...lines.flatMap((line, row) => [line, ...notesOf(row)]), ...leaving]
}
