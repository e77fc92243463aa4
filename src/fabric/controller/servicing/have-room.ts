import type { Instant } from '../../../kernel/instant.ts'
import { relocated } from '../places/relocate.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'

/** Whether all of them can start on other hosts now. */
export function haveRoom(state: FabricState, instances: readonly InstanceRecord[], now: Instant): boolean {
  let next: FabricState | undefined = state
  for (const instance of instances) next &&= relocated(next, instance, { kind: 'Moved', reason: '' }, now)
  return next !== undefined
}
