import type { Instant } from '../../../kernel/instant.ts'
import type { ActionOf } from '../action.ts'
import { type FabricState, type Leaving, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { refreshRotation } from './rotation.ts'

/** The instances drain from the rotation version on that this change leads to. */
export function settleTakeOut(
  state: FabricState,
  { deployment, instances }: ActionOf<'takeOut'>,
  now: Instant,
): ControllerStep {
  const present = instances.filter((key) => state.stored.instance.has(key))
  const leave = (before: FabricState, version: number) => {
    const leaving = present.map((key): [string, Leaving] => [key, { since: now, version }])
    return observe(before, { leaving: before.observed.leaving.merge(leaving) })
  }
  const draining = refreshRotation(leave(state, 0), [deployment])
  return {
    state: leave(draining, draining.observed.rotation.version),
    touched: [deploymentSubject(deployment)],
  }
}
