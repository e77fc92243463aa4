import type { Building } from '../building.ts'
import { saveRecord } from '../data-directory.ts'
import type { MachineRecord } from '../machine-record.ts'
import type { Member } from '../member.ts'
import type { Members } from '../members.ts'

/**
 * A candidate becomes a host alone, and stays one: what only candidates run ends, everything else runs on. The record comes last, so that it is begun
 * again when this is interrupted.
 */
export async function becomeHost(
  building: Building,
  machine: MachineRecord,
  members: Members,
  membersOf: (building: Building) => readonly Member[],
): Promise<void> {
  const host: MachineRecord = { ...machine, controller: false, etcd: undefined }
  const left = membersOf({ ...building, machine: host }).map(({ name }) => name)
  await members.stop(({ name }) => !left.includes(name))
  saveRecord(building.places, { ...building.record, machine: host })
}
