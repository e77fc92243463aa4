import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { inServicing } from './in-servicing.ts'

/** The instances start again where they are. */
export function releaseServiced(
  state: FabricState,
  { deployment: id, reason }: ResolutionOf<'releaseServiced'>,
  now: Instant,
): ControllerStep {
  const deployment = inServicing(state, id)
  const servicing = { ...deployment.servicing, stage: 'Back' as const, since: now }
  const kept = keep(state, put('deployment', id, { ...deployment, servicing }))
  return {
    state: noteDeployment(kept, now, deployment, 'ServicingReleases', reason),
    touched: [deploymentSubject(id)],
  }
}
