import type { Instant } from '../../../kernel/instant.ts'
import type { ActionOf } from '../action.ts'
import { hostsOf, renewGoals } from '../deployment/goals.ts'
import { relocated } from '../places/relocate.ts'
import { noteTransitions } from '../seen/transitions.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'
import { isHalted } from './covers.ts'

/** Instances that have stopped on a host that is drained start on other hosts. Who finds no room after all starts again where it was. */
export function settleMoveServiced(
  state: FabricState,
  { deployment: id, reason }: ActionOf<'moveServiced'>,
  now: Instant,
): ControllerStep {
  const deployment = state.stored.deployment.get(id)
  const servicing = deployment?.servicing
  if (!servicing || servicing.stage !== 'Leaving' || !('host' in servicing.cause)) return { state, touched: [] }
  const { host } = servicing.cause
  const keys = servicing.instances
  let next = state
  for (const instance of keys.flatMap((key) => state.stored.instance.get(key) ?? []))
    if (isHalted(deployment, instance) && !instance.going)
      next = relocated(next, instance, { kind: 'Moved', reason }, now) ?? next
  const back = { ...servicing, stage: 'Back' as const, since: now }
  const kept = keep(next, put('deployment', id, { ...deployment, servicing: back }))
  return {
    state: noteTransitions(state, renewGoals(kept, new Set([...hostsOf(kept, id), host])), keys, now),
    touched: [deploymentSubject(id), hostSubject(host)],
  }
}
