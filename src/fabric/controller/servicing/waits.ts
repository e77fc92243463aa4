import { type Instant, isoSeconds } from '../../../kernel/instant.ts'
import { instancesOn } from '../find.ts'
import { awayUntil, homelessOn } from '../homeless.ts'
import type { DeploymentRecord, HostRecord } from '../records.ts'
import type { FabricState } from '../state.ts'
import { servicingProgress } from './progress.ts'

/** What a host that is being serviced, or was until now, waits for: a sentence for each deployment that it concerns. */
export function waitsOf(state: FabricState, host: HostRecord, now: Instant): readonly string[] {
  const { name, drain } = host
  if (drain?.drainedAt !== undefined) {
    const away = homelessOn(state, name).length > 0 ? awayUntil(state, host) : undefined
    const elsewhere = away ? `; what stands still there starts elsewhere after ${isoSeconds(away.until)}` : ''
    return [`waits to be given back${elsewhere}`]
  }
  const here = drain ? instancesOn(state, name).map(({ deployment }) => deployment) : []
  const concerned = [...state.stored.deployment.values()].filter(
    (one) => here.includes(one.id) || isServicedFor(one, name),
  )
  const isLost = drain && state.observed.lost.has(name)
  return [
    ...(isLost ? ['the host is lost: waits until it is heard again'] : []),
    ...concerned.flatMap((deployment) => {
      const progress = servicingProgress(state, deployment, now)
      return progress.kind === 'idle' ? [] : [progress.text]
    }),
  ]
}

function isServicedFor({ servicing }: DeploymentRecord, host: string): boolean {
  return servicing !== undefined && 'host' in servicing.cause && servicing.cause.host === host
}
