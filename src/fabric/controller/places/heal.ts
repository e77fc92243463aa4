import type { Instant } from '../../../kernel/instant.ts'
import type { Due } from '../due.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'
import { awayUntil, homelessOn } from './homeless.ts'

/** Instances of a host that stays away for longer than hostRecoverBudget start on other hosts (H-16); when there is no room, again once there is. */
export function heal(state: FabricState, host: HostRecord, now: Instant): Due {
  const { unhealed, room } = state.observed
  const { name } = host
  const away = awayUntil(state, host)
  if (!away || unhealed.get(name) === room || homelessOn(state, name).length === 0) return { actions: [] }
  if (now < away.until) return { actions: [], wakeAt: away.until }
  return { actions: [{ kind: 'heal', key: `heal ${name}`, reason: away.reason, host: name }] }
}
