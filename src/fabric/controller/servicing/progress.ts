import type { Instant } from '../../../kernel/instant.ts'
import { brakeWords, isBraked } from '../brake/brake.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { hostStep } from './host-step.ts'
import type { ServicingProgress } from './servicing-progress.ts'
import { systemStep } from './system-step.ts'
import { tenantFirst } from './tenant-first.ts'
import { underWay } from './under-way.ts'

/** A host's drain comes before a new guest OS, since an operator waits for it; a tenant's update comes before both (U-55). */
export function servicingProgress(state: FabricState, deployment: DeploymentRecord, now: Instant): ServicingProgress {
  if (deployment.servicing) return underWay(state, deployment, deployment.servicing, now)
  if (deployment.request || deployment.wanted === 'Deleted') return { kind: 'idle' }
  const steps = [hostStep(state, deployment, now), systemStep(state, deployment)].filter(({ kind }) => kind !== 'idle')
  const first = steps[0]
  if (!first) return { kind: 'idle' }
  if (isBraked(state)) return { kind: 'wait', text: `${deployment.name} waits: ${brakeWords(state)}` }
  return tenantFirst(state, deployment, now) ?? steps.find(({ kind }) => kind === 'begin') ?? first
}
