import type { Instant } from '../../../kernel/instant.ts'
import type { Due } from '../due.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { progressOf } from './progress.ts'

/** What an active update needs next: a domain that begins or is walked, instances that go, its end, or its failure. */
export function walk(state: FabricState, deployment: DeploymentRecord, now: Instant): Due {
  const { id, update, wanted } = deployment
  if (!update || wanted === 'Deleted') return { actions: [] }
  const progress = progressOf(state, deployment, update, now)
  if (progress.kind === 'wait') return { actions: [], wakeAt: progress.until }
  const shared = { key: `walk ${id}`, reason: progress.text, deployment: id }
  switch (progress.kind) {
    case 'begin':
      return { actions: [{ ...shared, kind: 'beginDomain' }] }
    case 'pass':
      return { actions: [{ ...shared, kind: 'passDomain' }] }
    case 'remove':
      return { actions: [{ ...shared, kind: 'removeInstances', instances: progress.instances }] }
    case 'end':
      return { actions: [{ ...shared, kind: 'endUpdate' }] }
    case 'fail':
      return { actions: [{ ...shared, kind: 'failUpdate', fault: progress.fault }] }
  }
}
