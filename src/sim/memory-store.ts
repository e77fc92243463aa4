import type { MasterStore, Write } from '../kernel/store.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'

/** The records of a fabric, which outlive every master that opens them. */
export interface Vault {
  /** Opens the records for a new master; whoever had them open before can commit no more. */
  open(): MasterStore
  /** Keeps a copy of everything as it stands now, in place of an earlier one. */
  backUp(): void
  /** Puts the copy in place of everything; false when there is none. */
  restore(): boolean
  /** A write is one batch. */
  readonly death: PlanOfDeath
}

/** The store port in memory. Records are kept as text, as a real store does, so that nothing but plain data survives. */
export function memoryVault(): Vault {
  let records = new Map<string, string>()
  let copy: { readonly records: ReadonlyMap<string, string>; readonly epoch: number } | undefined
  const death = planOfDeath()
  let epoch = 0
  const write = ({ key, value }: Write) => {
    if (value === undefined) records.delete(key)
    else records.set(key, JSON.stringify(value))
  }
  return {
    death,
    open() {
      let own = ++epoch
      const assertMaster = () => {
        if (own !== epoch) throw new Error('the store belongs to a newer master')
      }
      return {
        epoch: () => own,
        raise(higher) {
          assertMaster()
          death.around(() => {
            own = epoch = higher
          })
        },
        load: () =>
          [...records].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, text]) => [key, JSON.parse(text)]),
        commit(batch) {
          assertMaster()
          death.around(() => batch.forEach(write))
        },
        close() {},
      }
    },
    backUp() {
      copy = { records: new Map(records), epoch }
    },
    restore() {
      if (!copy) return false
      records = new Map(copy.records)
      epoch = copy.epoch
      return true
    },
  }
}
