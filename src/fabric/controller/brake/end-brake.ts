import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import type { Due } from '../due.ts'
import { note } from '../history/events.ts'
import type { Change } from '../state/change.ts'
import { drop, keep, put } from '../state/keep.ts'
import { allSubjects } from '../state/restore.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { brakeKey, isBraked, mostAtOnce, stillAway } from './brake.ts'
import { allHosts } from './pull-brake.ts'
import { mayRunOn } from './running-on.ts'

/** The brake goes off when no more of its hosts are away than may be (H-39), and none of them can run on (H-38). */
export function endBrake(state: FabricState): Due {
  if (!isBraked(state) || stillAway(state).length > mostAtOnce(state) || mayRunOn(state)) return { actions: [] }
  const reason = 'the hosts that fell silent are back: healing and rollouts go on'
  return { actions: [{ kind: 'endBrake', key: 'endBrake', reason }] }
}

export function brakeEnded(state: FabricState, { reason }: ResolutionOf<'endBrake'>, now: Instant): ControllerStep {
  const kept = keep(state, ...withoutBrake(state, now))
  return { state: note(kept, now, { subject: allHosts, kind: 'BrakeOff', reason }), touched: allSubjects(kept) }
}

/** Domains that waited for it have their whole time anew (U-29). */
export function withoutBrake({ stored }: FabricState, now: Instant): readonly Change[] {
  const waiting = [...stored.deployment.values()].flatMap((deployment) => {
    const { update } = deployment
    return update?.state === 'Before'
      ? [put('deployment', deployment.id, { ...deployment, update: { ...update, since: now } })]
      : []
  })
  return [drop('brake', brakeKey), ...waiting]
}
