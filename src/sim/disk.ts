import type { StoredHost } from '../host/agent/load.ts'
import type { HostFiles } from '../host/agent/persist.ts'
import type { ContainerRecord } from '../host/agent/state.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'

/** A host's disk: what its agent has written outlives it. Kept as text, so that nothing but plain data survives. */
export interface Disk {
  readonly files: HostFiles
  readonly packages: Set<string>
  load(): StoredHost
  /** A write is one file. */
  readonly death: PlanOfDeath
}

export function emptyDisk(): Disk {
  const packages = new Set<string>()
  const records = new Map<string, string>()
  const death = planOfDeath()
  let goal: string | undefined
  return {
    packages,
    death,
    files: {
      saveGoal(value) {
        death.around(() => {
          goal = JSON.stringify(value)
        })
      },
      saveRecord(containerId, record) {
        death.around(() => void records.set(containerId, JSON.stringify(record)))
      },
      removeRecord(containerId) {
        death.around(() => void records.delete(containerId))
      },
    },
    load: () => ({
      goal: goal === undefined ? undefined : JSON.parse(goal),
      records: [...records.values()].map((text) => JSON.parse(text) as ContainerRecord),
      packages: new Map([...packages].map((sha256) => [sha256, sha256])),
    }),
  }
}
