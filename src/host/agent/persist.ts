import type { HostGoal } from '../contract/goal.ts'
import type { StoredHost } from './load.ts'
import type { ContainerRecord, HostState } from './state.ts'

/** Files that outlive the agent. */
export interface HostFiles {
  saveGoal(goal: HostGoal): void
  saveRecord(containerId: string, record: ContainerRecord): void
  removeRecord(containerId: string): void
}

/** A commit for the driver: writes what differs from the files, the goal first, since records follow from it. */
export function persister(files: HostFiles, stored: StoredHost): (state: HostState) => HostState {
  let goalVersion = stored.goal?.version
  const saved = new Map(stored.records.map((record) => [record.containerId, record]))
  return (state) => {
    if (state.goal.version !== goalVersion) files.saveGoal({ ...state.goal, asks: [] })
    goalVersion = state.goal.version
    for (const [containerId, { record }] of state.containers) {
      if (record !== saved.get(containerId)) files.saveRecord(containerId, record)
      saved.set(containerId, record)
    }
    for (const containerId of saved.keys()) {
      if (state.containers.has(containerId)) continue
      files.removeRecord(containerId)
      saved.delete(containerId)
    }
    return state
  }
}
