import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../fabric/controller/state/records/instance.ts'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** An instance that is healed during an update comes back with the new version if its domain was walked or is being walked, and with its own otherwise (U-55). */
export function healedVersion({ controller }: World): Checker {
  let seen: FabricState['stored']['instance'] | undefined
  return {
    name: 'healed-version',
    check() {
      const stored = controller.state()?.stored
      const former = seen
      if (!stored || stored.instance === former) return nothing
      seen = stored.instance
      if (!former) return nothing
      const complaints: string[] = []
      for (const instance of stored.instance.values()) {
        const before = former.get(instance.key)
        const deployment = stored.deployment.get(instance.deployment)
        if (!before || !deployment || before.placement === instance.placement) continue
        const due = versionDue(deployment, before)
        if (instance.version !== due)
          complaints.push(`${instance.key} was healed with version ${instance.version} and not with ${due}`)
      }
      return complaints
    },
  }
}

function versionDue(
  { update, versions }: DeploymentRecord,
  { version, upgradeDomain, role, index }: InstanceRecord,
): number {
  if (!update || !versions[update.target]?.numbers[role]?.includes(index)) return version
  const isBegun =
    update.mode === 'Simultaneous'
      ? update.state === 'During'
      : upgradeDomain < update.domain || (upgradeDomain === update.domain && update.state === 'During')
  return isBegun ? update.target : version
}
