import { attempt } from '../../../kernel/attempt.ts'
import { type Instant, isoSeconds } from '../../../kernel/instant.ts'
import { awayUntil, homelessOn } from '../places/homeless.ts'
import { instancesOn } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'
import { servicingProgress } from './progress.ts'

/**
 * What a host that is, or just was, being serviced waits for: a sentence for each deployment concerned. `serviced`: the deployments with instances
 * that are stopped, or come back, because of it.
 */
export function waitsOf(
  state: FabricState,
  host: HostRecord,
  serviced: readonly DeploymentRecord[],
  now: Instant,
): readonly string[] {
  const { name, drain } = host
  if (drain?.drainedAt !== undefined) {
    const away = homelessOn(state, name).length > 0 ? awayUntil(state, host) : undefined
    const elsewhere = away ? `; what stands still there starts elsewhere after ${isoSeconds(away.until)}` : ''
    return [`waits to be given back${elsewhere}`]
  }
  const here = drain
    ? instancesOn(state, name).map(({ deployment }) => state.stored.deployment.get(deployment) as DeploymentRecord)
    : []
  const concerned = new Set([...serviced, ...here])
  const isLost = drain && state.observed.lost.has(name)
  return [
    ...(isLost ? ['the host is lost: waits until it is heard again'] : []),
    ...[...concerned].flatMap((deployment) => {
      const found = attempt(() => servicingProgress(state, deployment, now))
      if ('threw' in found) return [`${deployment.name} is set aside because of a defect: ${found.threw}`]
      const progress = found.value
      return progress.kind === 'idle' ? [] : [progress.text]
    }),
  ]
}

/** The deployments in which a step for a host is under way, by that host. */
export function servicedByHost({ stored }: FabricState): ReadonlyMap<string, readonly DeploymentRecord[]> {
  const concerned = [...stored.deployment.values()].flatMap((deployment) => {
    const cause = deployment.servicing?.cause
    return cause && 'host' in cause ? [{ host: cause.host, deployment }] : []
  })
  const groups = Map.groupBy(concerned, ({ host }) => host)
  return new Map([...groups].map(([host, members]) => [host, members.map(({ deployment }) => deployment)]))
}
