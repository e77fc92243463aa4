import type { Instant } from '../../../kernel/instant.ts'
import type { DeploymentRecord, ServicingRecord } from '../records.ts'
import type { FabricState } from '../state.ts'
import { hostStep } from './host-step.ts'
import { systemStep } from './system-step.ts'
import { tenantFirst } from './tenant-first.ts'
import { underWay } from './under-way.ts'

/** What a step begins with. */
export type NextStep = Omit<ServicingRecord, 'since'>

/**
 * What the platform's servicing of a deployment needs next. `begin`: a step, for the instances of one domain. `move`: those that have
 * stopped start on other hosts. `release`: they start where they are. `end`: they are Ready, or have had their time (H-23).
 */
export type ServicingProgress =
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly text: string; readonly until?: Instant | undefined }
  | { readonly kind: 'begin'; readonly step: NextStep; readonly text: string }
  | { readonly kind: 'move' | 'release' | 'end'; readonly text: string }

/** A host's drain comes before a new guest OS, since somebody waits for it; a tenant's update comes before both (U-55). */
export function servicingProgress(state: FabricState, deployment: DeploymentRecord, now: Instant): ServicingProgress {
  if (deployment.servicing) return underWay(state, deployment, deployment.servicing, now)
  if (deployment.request || deployment.wanted === 'Deleted') return { kind: 'idle' }
  const steps = [hostStep(state, deployment, now), systemStep(state, deployment)].filter(({ kind }) => kind !== 'idle')
  const first = steps[0]
  if (!first) return { kind: 'idle' }
  return tenantFirst(state, deployment, now) ?? steps.find(({ kind }) => kind === 'begin') ?? first
}
