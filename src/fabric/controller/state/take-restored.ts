import type { MasterStore, SchemaMark, Write } from '../../../kernel/store.ts'
import { batchesOf } from './batches.ts'
import type { MachineRecord } from './records/machine.ts'
import { stored } from './stored.ts'

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
}

/**
 * Replaces all of a store by what was restored, and answers with what it has then; again after an interruption. Other machines stay, but none as a candidate: their members of etcd
 * belonged to the one that is lost, so they join again for that. Rejects with the store's sentence when a batch is
 * not stored.
 */
export async function takeRestored(
  { store, mark, machine }: Taking,
  { schema, records }: Restored,
): Promise<readonly (readonly [key: string, record: unknown])[]> {
  const taken = [...records].map(([key, value]) => [key, isOther(key, machine) ? asHost(value) : value] as const)
  const puts = taken.map(([key, value]): Write => ({ key, value }))
  const drops = [...store.load()].flatMap(([key]): readonly Write[] =>
    records.has(key) ? [] : [{ key, value: undefined }],
  )
  for (const batch of batchesOf([...drops, ...puts].map((write) => [write])))
    await stored((answered) => store.commit(batch, answered))
  await stored((answered) => mark.setSchema(schema, answered))
  return taken
}

function isOther(key: string, machine: string): boolean {
  return key.startsWith('machine/') && key !== `machine/${machine}`
}

function asHost(value: unknown): MachineRecord {
  const { etcd: _, ...record } = value as MachineRecord
  return { ...record, controller: false }
}
