import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { awaitingBlame } from '../blame/failing.ts'
import { relocated } from '../places/relocate.ts'
import { noteTransitions } from '../seen/transitions.ts'
import { hostsOf } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'
import { isHalted } from './covers.ts'
import { inServicing } from './in-servicing.ts'

/** Instances that have stopped on a host that is drained start on other hosts. One that finds no room after all starts again where it was. */
export function moveServiced(
  state: FabricState,
  { deployment: id, reason }: ResolutionOf<'moveServiced'>,
  now: Instant,
): ControllerStep {
  const deployment = inServicing(state, id)
  const { servicing } = deployment
  if (!('host' in servicing.cause)) throw new Error(`no host of ${id} is drained`)
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
    touched: [deploymentSubject(id), hostSubject(host), ...awaitingBlame(state, kept, keys)],
  }
}
