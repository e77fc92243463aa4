import type { Instant } from '../../kernel/instant.ts'
import type { HostGoal } from '../contract/goal.ts'
import { contactAtStart } from './contact.ts'
import { withContainer } from './container.ts'
import { reconciled } from './reconcile.ts'
import { aboutOne } from './set-aside.ts'
import type { Container, ContainerRecord, GuestProcess, HostConfiguration, HostState } from './state.ts'
import { emptyState, noGoal } from './state.ts'

/** State that an earlier run of the agent left on disk. */
export interface StoredHost {
  readonly goal?: HostGoal | undefined
  readonly records: readonly ContainerRecord[]
  /** The packages on the host: the name of the directory of each, by SHA-256. */
  readonly packages: ReadonlyMap<string, string>
}

/**
 * The state with which an agent starts: running guests are adopted, and the time that the agent was away does not count against them (wire-server.md
 * 10.4). A restarted machine has none, and rebuilds their D: (table 3.1).
 */
export function loadedState(
  configuration: HostConfiguration,
  stored: StoredHost,
  isAlive: (process: GuestProcess) => boolean,
  now: Instant,
): HostState {
  let state: HostState = {
    ...emptyState(configuration),
    goal: { ...(stored.goal ?? noGoal), asks: [] },
    contact: contactAtStart({ goal: stored.goal ?? noGoal }),
    packages: new Map([...stored.packages].map(([sha256, directory]) => [sha256, { directory, failures: 0 }])),
  }
  for (const record of stored.records) {
    const goal = state.goal.instances.find(({ containerId }) => containerId === record.containerId)
    const container = { ...loaded(record, configuration, isAlive, now), goal }
    const before = { ...state, containers: new Map(state.containers).set(record.containerId, container) }
    state = aboutOne(before, record.containerId, () => withContainer(state, container, now))
  }
  return reconciled(state, now)
}

function loaded(
  record: ContainerRecord,
  { facts }: HostConfiguration,
  isAlive: (process: GuestProcess) => boolean,
  now: Instant,
): Container {
  const restarted = record.process !== undefined && record.process.bootId !== facts.bootId
  const alive = record.process !== undefined && isAlive(record.process)
  return {
    record: restarted ? { ...record, process: undefined, stoppingSince: undefined, rebuild: ['d'] } : record,
    listening: false,
    ended: record.process !== undefined && !restarted && !alive,
    adopted: alive,
    unsure: record.run !== undefined && record.process === undefined,
    heard: record.process !== undefined,
    silentFrom: now,
    since: now,
    failures: 0,
  }
}
