import type { Instant } from '../../../kernel/instant.ts'
import { note } from '../history/events.ts'
import type { MessageOf } from '../message.ts'
import { epochAbove, firstVersion } from '../state/facts.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/**
 * A host or the balancer has seen a version that this master has not sent: the store was restored from an older one. The epoch goes above that
 * version, so that all of them listen again.
 */
export function receiveSeen(state: FabricState, { party, version }: MessageOf<'seen'>, now: Instant): ControllerStep {
  const { facts, observed, stored } = state
  // Others have reported it too, and the epoch has already grown.
  if (version < firstVersion(facts.epoch)) return { state, touched: [] }
  const epoch = epochAbove(version)
  if (epoch === undefined) {
    const reason = `says to have seen version ${version}, which no fabric controller can have given, and so will not listen to this one. Remove what it has saved of it.`
    return { state: note(state, now, { subject: party, kind: 'VersionImpossible', reason }), touched: [] }
  }
  const first = firstVersion(epoch)
  const rotation = { ...observed.rotation, version: first }
  const raised = observe({ ...state, facts: { ...facts, epoch } }, { lastGoalVersion: first, rotation })
  const reason = `has seen what was said from a newer store than this one: what was done since is forgotten, and all hosts are told anew what is wanted`
  return {
    state: note(renewGoals(raised, stored.host.keys()), now, { subject: party, kind: 'StoreRestored', reason }),
    touched: [],
  }
}
