import type { Committer } from '../../kernel/commit.ts'
import type { HostGoal } from '../contract/goal.ts'
import type { StoredHost } from './load.ts'
import type { ContainerRecord, HostState } from './state.ts'

/** Files that outlive the agent. Saves all differences at once, or none and says why (F-28). */
export interface HostFiles {
  save(change: {
    readonly goal?: HostGoal | undefined
    readonly records: ReadonlyMap<string, ContainerRecord>
    readonly removed: readonly string[]
  }): string | undefined
}

/**
 * A commit for the driver. `told` is called when the agent does not know yet why nothing can be stored, or that storing works again. What follows from
 * loading alone need not be stored, since the next load comes to the same: an agent that starts with a full disk can speak.
 */
export function persister(
  files: HostFiles,
  { stored, loaded }: { readonly stored: StoredHost; readonly loaded: HostState },
  told: (unstored: string | undefined) => void,
): Committer<HostState> {
  let goalVersion = stored.goal?.version
  const saved = new Map(stored.records.map((record) => [record.containerId, record]))
  const isAsLoaded = ({ goal, containers }: HostState) =>
    goal.version === loaded.goal.version &&
    containers.size === loaded.containers.size &&
    [...containers].every(([id, { record }]) => record === loaded.containers.get(id)?.record)
  return (state, ended) => {
    const goal = state.goal.version === goalVersion ? undefined : { ...state.goal, asks: [] }
    const records = new Map(
      [...state.containers]
        .filter(([containerId, { record }]) => record !== saved.get(containerId))
        .map(([containerId, { record }]) => [containerId, record]),
    )
    const removed = [...saved.keys()].filter((containerId) => !state.containers.has(containerId))
    if (goal || records.size > 0 || removed.length > 0) {
      const unstored = files.save({ goal, records, removed })
      if (unstored !== state.unstored) told(unstored)
      if (unstored !== undefined)
        return ended(isAsLoaded(state) ? { outcome: 'committed', state } : { outcome: 'refused', reason: unstored })
    }
    goalVersion = state.goal.version
    for (const [containerId, record] of records) saved.set(containerId, record)
    for (const containerId of removed) saved.delete(containerId)
    ended({ outcome: 'committed', state })
  }
}
