import { instancesOf } from '../state/find.ts'
import type { UpdatedDeployment } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { changeOf, isStop } from '../update/change.ts'
import { isLeft } from '../update/wanted-version.ts'

/** Roles that an update takes down as a whole: those with one instance (U-12), and those in one domain. */
export function roleWarnings(state: FabricState, deployment: UpdatedDeployment): readonly string[] {
  const { update } = deployment
  const byRole = Map.groupBy(instancesOf(state, deployment.id), ({ role }) => role)
  return [...byRole].flatMap(([role, instances]) => {
    const stopping = instances.filter(
      (one) => isLeft(deployment, update, one) && isStop(changeOf(deployment, role, one.version, update.target)),
    )
    if (stopping.length < instances.length) return []
    if (instances.length === 1)
      return [
        `The role ${role} has one role instance and is offline while it is upgraded. Two or more upgrade without interruption.`,
      ]
    if (update.mode === 'Simultaneous')
      return [`All ${instances.length} role instances of the role ${role} stop at once: the mode is Simultaneous.`]
    const domains = new Set(instances.map(({ upgradeDomain }) => upgradeDomain))
    const [only] = domains
    return domains.size === 1 ? [`Upgrade domain ${only} holds all role instances of the role ${role}.`] : []
  })
}
