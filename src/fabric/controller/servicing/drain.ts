import type { Due } from '../due.ts'
import { instancesOn } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { isHalted } from './covers.ts'
import { isStopped } from './stopped.ts'

/** A host is drained when nothing runs on it; its instances stay stopped until it is given back (H-21). For a lost host this is unknown. */
export function drain(state: FabricState, { name, drain: asked }: HostRecord): Due {
  if (!asked || asked.drainedAt !== undefined || state.observed.lost.has(name)) return { actions: [] }
  if (!instancesOn(state, name).every((one) => isStanding(state, one))) return { actions: [] }
  const reason = 'nothing runs on the host any more: it may be serviced'
  return { actions: [{ kind: 'declareDrained', key: `declareDrained ${name}`, reason, host: name }] }
}

function isStanding(state: FabricState, instance: InstanceRecord): boolean {
  const deployment = state.stored.deployment.get(instance.deployment) as DeploymentRecord
  return deployment.servicing?.stage === 'Down' && isHalted(deployment, instance) && isStopped(state, instance)
}
