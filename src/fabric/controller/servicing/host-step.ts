import type { Instant } from '../../../kernel/instant.ts'
import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { listed } from '../update/words.ts'
import { haveRoom } from './have-room.ts'
import type { ServicingProgress } from './servicing-progress.ts'
import { beginWords } from './words.ts'

/**
 * What the drain of a host asks of a deployment (H-21). If its instances there are of several upgrade domains, the domain with the most instances
 * stays stopped until the host is given back. Before that, those of the others start on other hosts, one domain at a time.
 */
export function hostStep(state: FabricState, deployment: DeploymentRecord, now: Instant): ServicingProgress {
  const host = state.derived.serviced
  if (host === undefined) return { kind: 'idle' }
  const here = instancesOf(state, deployment.id).filter((one) => one.host === host && !one.going)
  const [staying, ...leaving] = [...Map.groupBy(here, ({ upgradeDomain }) => upgradeDomain).values()].toSorted(byCount)
  const next = leaving.at(-1) ?? staying
  if (!staying || !next) return { kind: 'idle' }
  const names = next.map(({ name }) => name)
  if (next !== staying) {
    const { unmoved, room } = state.observed
    const text = `${listed(names)} of ${deployment.name} must start on another host first, being of another upgrade domain than ${listed(staying.map(({ name }) => name))}, and no other host has room. Add a host, or make room`
    if (unmoved.get(deployment.id) === room) return { kind: 'wait', text }
    if (!haveRoom(state, next, now)) return { kind: 'full', text, room }
  }
  const step = {
    domain: domainOf(next),
    instances: next.map(({ key }) => key),
    cause: { host },
    stage: next === staying ? ('Down' as const) : ('Leaving' as const),
  }
  return { kind: 'begin', step, text: beginWords(step, names) }
}

/** The most instances first; with equal numbers, the lower domain. */
function byCount(one: readonly InstanceRecord[], other: readonly InstanceRecord[]): number {
  return other.length - one.length || domainOf(one) - domainOf(other)
}

function domainOf([first]: readonly InstanceRecord[]): number {
  return first?.upgradeDomain ?? 0
}
