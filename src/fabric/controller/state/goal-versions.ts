import { type FabricState, observe } from './state.ts'

/** Version of a host's goal; a host whose goal never changed has the first version of this master. */
export function goalVersionOf(state: FabricState, host: string): number {
  return state.observed.goalVersions.get(host) ?? 0
}

/** Notes that the goals of these hosts have changed. */
export function renewGoals(state: FabricState, hosts: Iterable<string>): FabricState {
  const version = state.observed.lastGoalVersion + 1
  const goalVersions = state.observed.goalVersions.withMutations((versions) => {
    for (const host of hosts) versions.set(host, version)
  })
  return observe(state, { goalVersions, lastGoalVersion: version })
}
