import type { Instant } from '../../../kernel/instant.ts'
import type { ActionOf } from '../action.ts'
import { note } from '../history/events.ts'
import { instancesOn } from '../state/find.ts'
import { type FabricState, lastHeard, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'
import { refreshServing } from './serving.ts'
import { noteTransitions } from './transitions.ts'

/** The instances of a lost host are RoleStateUnknown and out of rotation (H-16). */
export function settleDeclareLost(
  state: FabricState,
  { host, reason }: ActionOf<'declareLost'>,
  now: Instant,
): ControllerStep {
  // The host may have been heard while this was decided.
  if (now < lastHeard(state, host) + state.facts.timers.hostLostAfter) return { state, touched: [hostSubject(host)] }
  const instances = instancesOn(state, host)
  const keys = instances.map(({ key }) => key)
  const lost = observe(state, {
    lost: state.observed.lost.add(host),
    synchronised: state.observed.synchronised.delete(host),
  })
  const noted = note(refreshServing(lost, keys, now), now, { subject: host, kind: 'HostLost', reason })
  return {
    state: noteTransitions(state, noted, keys, now),
    touched: [hostSubject(host), ...instances.map(({ deployment }) => deploymentSubject(deployment))],
  }
}
