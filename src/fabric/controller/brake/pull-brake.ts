import type { Instant } from '../../../kernel/instant.ts'
import { note } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { brakeKey, brakeWords, fellSilent, isBraked, mostAtOnce } from './brake.ts'
import { mayRunOn } from './running-on.ts'

/** Subject of the events about all hosts. */
export const allHosts = 'hosts'

/** Another host is lost: if too many were within brakeWindow, or are away, the brake goes on, or has one more reason (H-39). */
export function pulled(state: FabricState, now: Instant): FabricState {
  const silent = fellSilent(state, now)
  const former = state.stored.brake.get(brakeKey)?.hosts ?? []
  if (!isBraked(state) && silent.length <= mostAtOnce(state) && !mayRunOn(state)) return state
  const kept = keep(state, put('brake', brakeKey, { hosts: [...new Set([...former, ...silent])] }))
  return note(kept, now, { subject: allHosts, kind: 'BrakeOn', reason: brakeWords(kept) })
}
