import type { ResolutionOf } from '../action.ts'
import type { Due } from '../due.ts'
import { instancesOn } from '../state/find.ts'
import { drop, keep } from '../state/keep.ts'
import type { HostRecord } from '../state/records/host.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/** The host of a machine that was removed is forgotten when nothing of it is left to be healed. */
export function removedHost(state: FabricState, { name, removed }: HostRecord): Due {
  if (!removed || instancesOn(state, name).length > 0) return { actions: [] }
  const reason = 'its machine was removed, and none of its role instances is left'
  return { actions: [{ kind: 'forgetHost', key: `forgetHost ${name}`, reason, host: name }] }
}

export function hostForgotten(state: FabricState, { host }: ResolutionOf<'forgetHost'>): ControllerStep {
  const { heard, signs, foundOut, lost, goalVersions, unhealed } = state.observed
  const forgotten = observe(state, {
    heard: heard.delete(host),
    signs: signs.delete(host),
    foundOut: foundOut.delete(host),
    lost: lost.delete(host),
    goalVersions: goalVersions.delete(host),
    unhealed: unhealed.delete(host),
  })
  return { state: keep(forgotten, drop('host', host)), touched: [] }
}
