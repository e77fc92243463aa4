import type { Instant } from '../../../kernel/instant.ts'
import { instancesOn } from '../state/find.ts'
import { measuredFrom } from '../state/measured.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import { type FabricState, lastHeard } from '../state/state.ts'

/**
 * Instances that are to start elsewhere when their host stays away: on a drained host those that would run, lost or not; on any other lost host all.
 */
export function homelessOn(state: FabricState, host: string): readonly InstanceRecord[] {
  const isDrained = state.stored.host.get(host)?.drain?.drainedAt !== undefined
  if (!isDrained && !state.observed.lost.has(host)) return []
  return instancesOn(state, host).filter(({ told, going, deployment }) => {
    if (told.run === 'Gone' || going) return false
    return !isDrained || (state.stored.deployment.get(deployment) as DeploymentRecord).wanted === 'Running'
  })
}

/** Until when a host may stay away, and the reason in words: it is lost, or drained and not given back (H-16). Undefined while it is present. */
export function awayUntil(
  state: FabricState,
  { name, drain, removed }: HostRecord,
): { readonly until: Instant; readonly reason: string } | undefined {
  const { hostLostAfter, hostRecoverBudget } = state.facts.timers
  if (removed) {
    // What runs there has ended by then, since the machine is refused (H-38).
    const until = removed === 'drained' ? 0 : lastHeard(state, name) + hostLostAfter
    return { until, reason: 'the machine of the host was removed' }
  }
  const within = `within ${hostRecoverBudget / 1_000} s`
  const limits = []
  if (drain?.drainedAt !== undefined) {
    const reason = `the host was drained and has not been given back ${within}`
    limits.push({
      until: measuredFrom(state, `host/${name}/drain.drainedAt`, drain.drainedAt) + hostRecoverBudget,
      reason,
    })
  }
  if (state.observed.lost.has(name)) {
    const reason = `the host was lost and has not come back ${within}`
    limits.push({ until: lastHeard(state, name) + hostLostAfter + hostRecoverBudget, reason })
  }
  return limits.toSorted((a, b) => a.until - b.until)[0]
}
