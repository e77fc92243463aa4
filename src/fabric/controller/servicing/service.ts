import type { Instant } from '../../../kernel/instant.ts'
import type { Due } from '../due.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { servicingProgress } from './progress.ts'

/** What the platform's servicing of a deployment needs next: a step that begins, goes on or is over (H-21 to H-23). */
export function service(state: FabricState, deployment: DeploymentRecord, now: Instant): Due {
  const progress = servicingProgress(state, deployment, now)
  if (progress.kind === 'idle') return { actions: [] }
  if (progress.kind === 'wait') return { actions: [], wakeAt: progress.until }
  const { id } = deployment
  const shared = { key: `service ${id}`, reason: progress.text, deployment: id }
  switch (progress.kind) {
    case 'full':
      return { actions: [{ ...shared, kind: 'awaitRoom', room: progress.room }] }
    case 'begin':
      return { actions: [{ ...shared, kind: 'beginServicing', step: progress.step }] }
    case 'move':
      return { actions: [{ ...shared, kind: 'moveServiced' }] }
    case 'release':
      return { actions: [{ ...shared, kind: 'releaseServiced' }] }
    case 'end':
      return { actions: [{ ...shared, kind: 'endServicing' }] }
  }
}
