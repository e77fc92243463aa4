import type { MasterStore, SchemaMark, Write } from '../../../kernel/store.ts'
import { stored } from '../../../kernel/stored.ts'
import { batchesOf } from './batches.ts'
import type { Migration } from './migrations.ts'

/** What brings a store up to `target`. */
export interface BringingUp {
  /** Where the values are in clear. */
  readonly store: Pick<MasterStore, 'commit'>
  /** All that it has. */
  readonly records: Iterable<readonly [key: string, record: unknown]>
  /** Where its schema stands. */
  readonly mark: SchemaMark
  readonly migrations: Readonly<Record<number, Migration>>
  readonly target: number
}

/**
 * The records of a store in the schema `target`, and the store brought up to it, in batches, the number last: interrupted it begins again. Rejects
 * with the store's sentence when a batch is not stored.
 */
export async function broughtUp({
  store,
  records,
  mark,
  migrations,
  target,
}: BringingUp): Promise<readonly (readonly [key: string, record: unknown])[]> {
  const found = [...records]
  if (mark.schema() >= target) return found
  const steps = Object.entries(migrations)
    .filter(([schema]) => Number(schema) > mark.schema() && Number(schema) <= target)
    .sort(([one], [other]) => Number(one) - Number(other))
  const raised = found.map(([key, record]) => {
    const after = steps.reduce((before, [, migrate]) => (before === undefined ? before : migrate(key, before)), record)
    return { key, record, after }
  })
  const changed = raised.filter(({ record, after }) => JSON.stringify(record) !== JSON.stringify(after))
  const groups = changed.map(({ key, after }): readonly Write[] => [{ key, value: after }])
  for (const batch of batchesOf(groups)) await stored((answered) => store.commit(batch, answered))
  await stored((answered) => mark.setSchema(target, answered))
  return raised.flatMap(({ key, after }) => (after === undefined ? [] : [[key, after] as const]))
}
