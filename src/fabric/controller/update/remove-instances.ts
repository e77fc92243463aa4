import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { noteInstance } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { atStep } from './step.ts'

/** The others know that these instances go: from now on they are to stop for good (A-30, U-54). */
export function removeInstances(
  state: FabricState,
  action: ResolutionOf<'removeInstances'>,
  now: Instant,
): ControllerStep {
  const deployment = atStep(state, action.deployment)
  const going = action.instances.flatMap((key) => state.stored.instance.get(key) ?? [])
  const kept = going.reduce(
    (before, one) =>
      noteInstance(keep(before, put('instance', one.key, { ...one, going: true })), now, one, 'Removed', action.reason),
    state,
  )
  return { state: kept, touched: [deploymentSubject(deployment.id)] }
}
