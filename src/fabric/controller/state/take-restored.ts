import type { Instant } from '../../../kernel/instant.ts'
import type { MasterStore, SchemaMark, Write } from '../../../kernel/store.ts'
import { stored } from '../../../kernel/stored.ts'
import type { MachineParty } from '../../contract/machines.ts'
import { batchesOf } from './batches.ts'
import type { FormerMachineRecord, MachineRecord } from './records/machine.ts'

/** What a backup has, for a store whose servers had to be started first. */
export interface Restored {
  readonly schema: number
  readonly records: ReadonlyMap<string, unknown>
}

/** The store that takes it, where its schema stands, and the key of this machine. */
export interface Taking {
  readonly store: MasterStore
  readonly mark: SchemaMark
  readonly machine: string
  readonly now: Instant
}

type Entry = readonly [key: string, record: unknown]

/**
 * Replaces all of a store by what was restored, and answers with what it has then; again after an interruption. Other machines stay, but none as a
 * candidate: their members of etcd belonged to the one that is lost, so their certificates for it are revoked, and they join again for that. Rejects
 * with the store's sentence when a batch is not stored.
 */
export async function takeRestored(
  { store, mark, machine, now }: Taking,
  { schema, records }: Restored,
): Promise<readonly Entry[]> {
  const taken = [...records].flatMap(([key, value]): readonly Entry[] => {
    if (key.startsWith(machines) && key !== machines + machine) return asHost(key, value as MachineRecord, now)
    if (key === machines + machine) return [[key, ofNewEtcd(value as MachineRecord)]]
    // A member of an etcd that is no more has nothing to leave.
    return [[key, key.startsWith(formerMachines) ? { ...(value as FormerMachineRecord), member: undefined } : value]]
  })
  const keys = new Set(taken.map(([key]) => key))
  const puts = taken.map(([key, value]): Write => ({ key, value }))
  const drops = [...store.load()].flatMap(([key]): readonly Write[] =>
    keys.has(key) ? [] : [{ key, value: undefined }],
  )
  for (const batch of batchesOf([...drops, ...puts].map((write) => [write])))
    await stored((answered) => store.commit(batch, answered))
  await stored((answered) => mark.setSchema(schema, answered))
  return taken
}

/** What a machine keeps that is a candidate no more. */
const ofHosts: readonly MachineParty[] = ['machine', 'host', 'loadBalancer']

const machines = 'machine/'
const formerMachines = 'formerMachine/'

/** Its member has another number in the new etcd, where its address finds it. */
function ofNewEtcd({ etcd, ...record }: MachineRecord): MachineRecord {
  return { ...record, ...(etcd && { etcd: { ...etcd, member: '' } }) }
}

function asHost(key: string, record: MachineRecord, now: Instant): readonly Entry[] {
  const isEtcds = ({ party }: MachineRecord['certificates'][number]) => party === 'etcd'
  const etcdCertificates = record.certificates.filter(isEtcds)
  const certificates = record.certificates.filter(({ party }) => ofHosts.includes(party))
  const former: FormerMachineRecord = { name: record.name, removedAt: now, etcdCertificates }
  return [
    [key, { ...record, certificates, etcd: undefined, controller: false }],
    ...(etcdCertificates.length > 0 ? [[`${formerMachines}member of ${key}`, former] as const] : []),
  ]
}
