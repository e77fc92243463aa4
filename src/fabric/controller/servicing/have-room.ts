import type { Instant } from '../../../kernel/instant.ts'
import type { InstanceRecord } from '../records/instance.ts'
import { relocated } from '../relocate.ts'
import type { FabricState } from '../state.ts'

/** Whether all of them can start on other hosts now. */
export function haveRoom(state: FabricState, instances: readonly InstanceRecord[], now: Instant): boolean {
  let next: FabricState | undefined = state
  for (const instance of instances) next &&= relocated(next, instance, { kind: 'Moved', reason: '' }, now)
  return next !== undefined
}
