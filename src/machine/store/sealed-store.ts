import type { MasterStore } from '../../kernel/store.ts'
import type { Sealer } from '../certificates/sealer.ts'

/**
 * The store with every value sealed for its key, so that no setting and no address of a package is in its files in clear text
 * (design.md 8), and nobody can replace one record by another. `load` throws one sentence for a value that does not open: it was
 * written under another fabric key, or changed.
 */
export function sealedStore(store: MasterStore, sealer: Sealer): MasterStore {
  return {
    epoch: () => store.epoch(),
    raise: (epoch, answered) => store.raise(epoch, answered),
    *load() {
      for (const [key, sealed] of store.load()) yield [key, open(key, sealed)] as const
    },
    commit: (batch, answered) =>
      store.commit(
        batch.map(({ key, value }) => ({ key, value: seal(key, value) })),
        answered,
      ),
    close: () => store.close(),
  }

  function seal(key: string, value: unknown): string | undefined {
    return value === undefined ? undefined : sealer.seal(Buffer.from(JSON.stringify(value)), purposeOf(key))
  }

  function open(key: string, sealed: unknown): unknown {
    try {
      return JSON.parse(sealer.open(String(sealed), purposeOf(key)).toString())
    } catch (cause) {
      throw new Error(
        `The record ${key} of the store cannot be opened: it was written under another fabric key, or changed. Bring back the fabric.key that belongs to it, or use another data directory.`,
        { cause },
      )
    }
  }
}

/** Of the record of that key. */
export function purposeOf(key: string): string {
  return `record ${key}`
}
