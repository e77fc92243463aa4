import type { Store, Write } from '../kernel/store.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'

/** The records of a fabric, which outlive every master that opens them. */
export interface Vault {
  /** Opens the records for a new master; whoever had them open before can commit no more. */
  open(): { readonly store: Store; readonly epoch: number }
  /** A write is one batch. */
  readonly death: PlanOfDeath
}

/** The store port in memory. Records are kept as text, as a real store does, so that nothing but plain data survives. */
export function memoryVault(): Vault {
  const records = new Map<string, string>()
  const death = planOfDeath()
  let epoch = 0
  const write = ({ key, value }: Write) => {
    if (value === undefined) records.delete(key)
    else records.set(key, JSON.stringify(value))
  }
  return {
    death,
    open() {
      const own = ++epoch
      const store: Store = {
        load: () =>
          [...records].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, text]) => [key, JSON.parse(text)]),
        commit(batch) {
          if (own !== epoch) throw new Error('the store belongs to a newer master')
          death.around(() => batch.forEach(write))
        },
        close() {},
      }
      return { store, epoch: own }
    },
  }
}
