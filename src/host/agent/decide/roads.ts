import type { Decision } from '../../../kernel/agent.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { HostAction } from '../action.ts'
import { sameData } from '../serve.ts'
import type { HostState } from '../state.ts'
import { runningGuests, wantedRoads } from '../wanted-roads.ts'

/**
 * The roads to other machines are laid as the goal wants them. A run of the agent that does not know what there is lays them once more, which disturbs
 * nothing; where something is wrong with one, it looks again after a while.
 */
export function roads(state: HostState, now: Instant): Decision<HostAction> {
  const wanted = wantedRoads(state)
  // A host that ends takes them away.
  if (!wanted || state.power !== 'on') return { actions: [] }
  const { laid, retryAt } = state.roads
  const isSame = sameData(laid, wanted)
  if (isSame && retryAt === undefined) return { actions: [] }
  if (isSame && retryAt !== undefined && now < retryAt) return { actions: [], wakeAt: retryAt }
  const reason = !laid
    ? 'this run of the agent does not know what roads there are'
    : isSame
      ? 'something was wrong with them'
      : 'the other machines, or the peers of guests there, are others now'
  return { actions: [{ kind: 'layRoads', key: 'roads', wanted, guests: runningGuests(state), reason }] }
}
