import { deploymentStatusOf } from '../../fabric/controller/seen/status.ts'
import { instancesOf } from '../../fabric/controller/state/find.ts'
import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../fabric/controller/state/records/instance.ts'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

interface Resumed {
  readonly at: Instant
  /** Instances that have been Ready since then, or still were. */
  readonly ready: Set<string>
}

/** A resumed deployment is Running only when all of its instances have been Ready once since, or roleReadyTimeout has passed (T-9). */
export function starting({ controller, hosts, timers }: World): Checker {
  const resumed = new Map<string, Resumed>()
  let seen: FabricState['stored']['deployment'] | undefined
  // The checker does not know which instances were Ready before that and are not now.
  const begunAt = controller.now()

  const isReady = ({ host, containerId }: InstanceRecord) =>
    hosts.get(host)?.machine.guest(containerId)?.isReady() === true

  /** An instance that is Ready at a resumption may never have stopped. */
  function watch(state: FabricState): void {
    if (state.stored.deployment === seen) return
    seen = state.stored.deployment
    for (const { id, resumedAt } of seen.values()) {
      if (resumedAt === undefined || resumedAt < begunAt || resumed.get(id)?.at === resumedAt) continue
      const ready = instancesOf(state, id).filter(isReady)
      resumed.set(id, { at: resumedAt, ready: new Set(ready.map(({ key }) => key)) })
    }
    for (const id of resumed.keys()) if (!seen.has(id)) resumed.delete(id)
  }

  function judge(state: FabricState, deployment: DeploymentRecord, { at, ready }: Resumed): readonly string[] {
    const now = controller.now()
    if (now >= at + timers.roleReadyTimeout || deploymentStatusOf(state, deployment, now) !== 'Running') return nothing
    const missing = instancesOf(state, deployment.id).filter(({ key, going }) => !going && !ready.has(key))
    return missing.map(({ key }) => `${deployment.name} is Running, and ${key} has not been Ready since it was resumed`)
  }

  return {
    name: 'starting',
    check(facts) {
      // Guests get Ready while no controller runs, too.
      for (const fact of facts)
        if (fact.kind === 'guestHeard' && fact.ready) for (const { ready } of resumed.values()) ready.add(fact.key)
      const state = controller.state()
      if (!state) return nothing
      watch(state)
      return [...resumed].flatMap(([id, one]) => {
        const deployment = state.stored.deployment.get(id)
        return deployment ? judge(state, deployment, one) : []
      })
    },
  }
}
