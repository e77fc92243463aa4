import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { pulled } from '../brake/pull-brake.ts'
import { hostCount, withFoundOut } from '../brake/running-on.ts'
import { note } from '../history/events.ts'
import { instancesOn } from '../state/find.ts'
import { keep, put } from '../state/keep.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'
import { refreshServing } from './serving.ts'
import { noteTransitions } from './transitions.ts'

/** The instances of a lost host are RoleStateUnknown and out of rotation (H-16). */
export function declareLost(
  state: FabricState,
  { host, reason }: ResolutionOf<'declareLost'>,
  now: Instant,
): ControllerStep {
  const instances = instancesOn(state, host)
  const keys = instances.map(({ key }) => key)
  const lost = observe(state, {
    lost: state.observed.lost.add(host),
    synchronised: state.observed.synchronised.delete(host),
  })
  const noted = pulled(
    note(withFoundOut(recorded(refreshServing(lost, keys, now), host, now)), now, {
      subject: host,
      kind: 'HostLost',
      reason,
    }),
    now,
  )
  return {
    state: noteTransitions(state, noted, keys, now),
    touched: ['pool', hostSubject(host), ...instances.map(({ deployment }) => deploymentSubject(deployment))],
  }
}

/** Stored, so that the next master knows who was lost before. */
function recorded(state: FabricState, name: string, now: Instant): FabricState {
  const host = state.stored.host.get(name)
  return host && !host.lost
    ? keep(
        state,
        put('host', name, {
          ...host,
          lost: { at: now, among: state.observed.signs.get(name)?.machines ?? hostCount(state) },
        }),
      )
    : state
}
