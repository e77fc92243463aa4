import type { Instant } from '../../../kernel/instant.ts'
import { note } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { brakeKey, brakeWords, fellSilent, isBraked, mostAtOnce } from './brake.ts'

/** Subject of the events about all hosts. */
export const allHosts = 'hosts'

/** Another host is lost: if too many were within brakeWindow, the brake goes on, or has one more reason (H-39). */
export function pulled(state: FabricState, now: Instant): FabricState {
  const hosts = fellSilent(state, now)
  const former = state.stored.brake.get(brakeKey)?.hosts ?? []
  if (!isBraked(state) && hosts.length <= mostAtOnce(state)) return state
  const kept = keep(state, put('brake', brakeKey, { hosts: [...new Set([...former, ...hosts])] }))
  return note(kept, now, { subject: allHosts, kind: 'BrakeOn', reason: brakeWords(kept) })
}
