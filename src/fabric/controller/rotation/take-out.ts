import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { type FabricState, type Leaving, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { refreshRotation } from './rotation.ts'

/** The instances drain from the next rotation version on, which this change makes. */
export function takeOut(
  state: FabricState,
  { deployment, instances }: ResolutionOf<'takeOut'>,
  now: Instant,
): ControllerStep {
  const leave = (before: FabricState, version: number) => {
    const leaving = instances.map((key): [string, Leaving] => [key, { since: now, version }])
    return observe(before, { leaving: before.observed.leaving.merge(leaving) })
  }
  const draining = refreshRotation(leave(state, 0), [deployment])
  return {
    state: leave(draining, draining.observed.rotation.version),
    touched: [deploymentSubject(deployment)],
  }
}
