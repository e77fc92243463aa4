import { publicEndpoints } from '../../../service-model/endpoints.ts'
import type { EndpointCapacity, InstanceChange, PlannedDomain } from '../../contract/plan.ts'
import { isPublic } from '../rotation/rotation.ts'
import { instancesOf, versionOf } from '../state/find.ts'
import type { UpdatedDeployment } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { changeOf, isStop } from '../update/change.ts'
import { isInStep, isLeft } from '../update/wanted-version.ts'
import { prepareWords, takeOutWords, tellWords, walkedWords } from '../update/words.ts'
import { boundPort } from './bound-port.ts'

interface Moved {
  readonly instance: InstanceRecord
  readonly change: InstanceChange
}

/** Every domain in which something happens, in order. */
export function plannedDomains(state: FabricState, deployment: UpdatedDeployment): readonly PlannedDomain[] {
  const { update } = deployment
  const left = instancesOf(state, deployment.id)
    .filter((one) => isLeft(deployment, update, one))
    .map((instance) => ({
      instance,
      change: changeOf(deployment, instance.role, instance.version, update.target),
    }))
  const domains = update.mode === 'Simultaneous' ? [0] : Array.from({ length: update.domains }, (_, domain) => domain)
  return domains.flatMap((domain) => {
    const place = { ...update, domain }
    const moved = left.filter(({ instance }) => isInStep(place, instance.upgradeDomain))
    if (moved.length === 0) return []
    return [
      {
        domain,
        instances: moved.map(({ instance: { name, role }, change }) => ({ name, role, change })),
        steps: stepsOf(state, deployment, domain, moved),
        capacity: capacityOf(state, deployment, moved),
      },
    ]
  })
}

/** The words that the events will have. */
function stepsOf(
  state: FabricState,
  deployment: UpdatedDeployment,
  domain: number,
  moved: readonly Moved[],
): readonly string[] {
  const place = { ...deployment.update, domain }
  const { definition } = versionOf(state, deployment, deployment.current).package.model
  const groups = [...Map.groupBy(moved, ({ change }) => change)]
  const names = (members: readonly Moved[]) => members.map(({ instance }) => instance.name)
  const fresh = moved.filter(({ change }) => change === 'package')
  const leaving = groups
    .filter(([change]) => isStop(change))
    .map(([, members]) => members.filter(({ instance }) => isPublic(definition, instance.role)))
    .filter((members) => members.length > 0)
  return [
    ...(fresh.length > 0 ? [prepareWords(place, names(fresh))] : []),
    ...leaving.map((members) => takeOutWords(place, names(members))),
    ...groups.map(([change, members]) => tellWords(place, change, names(members))),
    walkedWords(place, state.facts.timers),
  ]
}

function capacityOf(
  state: FabricState,
  deployment: UpdatedDeployment,
  moved: readonly Moved[],
): readonly EndpointCapacity[] {
  const { definition } = versionOf(state, deployment, deployment.current).package.model
  const down = new Set(moved.filter(({ change }) => isStop(change)).map(({ instance }) => instance.key))
  return publicEndpoints(definition)
    .filter(({ kind }) => kind === 'input')
    .map(({ roleName: role, name: endpoint, ports }) => {
      const serving = instancesOf(state, deployment.id).filter((one) => one.role === role && one.inRotation)
      return {
        role,
        endpoint,
        port: boundPort(state, `${deployment.id}/${role}/${endpoint}`, ports.min),
        instances: serving.length,
        left: serving.filter(({ key }) => !down.has(key)).length,
      }
    })
}
