import type { StoredHost } from '../host/agent/load.ts'
import type { HostFiles } from '../host/agent/persist.ts'
import type { ContainerRecord } from '../host/agent/state.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'

/** A host's disk: what its agent has written outlives it. Stored as text, so that only plain data survives. */
export interface Disk {
  readonly files: HostFiles
  readonly packages: Set<string>
  /** True: there is no room for another file, until this is set back. */
  setFull(isFull: boolean): void
  isFull(): boolean
  /** True: the record of that container is there. */
  knows(containerId: string): boolean
  load(): StoredHost
  /** A write is one file. */
  readonly death: PlanOfDeath
}

export function emptyDisk(): Disk {
  const packages = new Set<string>()
  const records = new Map<string, string>()
  const death = planOfDeath()
  let goal: string | undefined
  let isFull = false
  return {
    packages,
    death,
    setFull(full) {
      isFull = full
    },
    isFull: () => isFull,
    knows: (containerId) => records.has(containerId),
    files: {
      save(change) {
        if (isFull && (change.goal || change.records.size > 0)) return 'The disk is full.'
        if (change.goal)
          death.around(() => {
            goal = JSON.stringify(change.goal)
          })
        for (const [containerId, record] of change.records)
          death.around(() => void records.set(containerId, JSON.stringify(record)))
        for (const containerId of change.removed) death.around(() => void records.delete(containerId))
        return undefined
      },
    },
    load: () => ({
      goal: goal === undefined ? undefined : JSON.parse(goal),
      records: [...records.values()].map((text) => JSON.parse(text) as ContainerRecord),
      packages: new Map([...packages].map((sha256) => [sha256, sha256])),
    }),
  }
}
