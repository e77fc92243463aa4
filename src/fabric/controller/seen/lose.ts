import type { Instant } from '../../../kernel/instant.ts'
import type { Due } from '../due.ts'
import type { HostRecord } from '../state/records/host.ts'
import { type FabricState, lastHeard } from '../state/state.ts'

/** A host that has been silent for hostLostAfter is lost (H-7). */
export function lose(state: FabricState, { name, removed }: HostRecord, now: Instant): Due {
  if (state.observed.lost.has(name)) return { actions: [] }
  if (removed) {
    const reason = 'its machine was removed from the fabric'
    return { actions: [{ kind: 'declareLost', key: `declareLost ${name}`, reason, host: name }] }
  }
  const until = lastHeard(state, name) + state.facts.timers.hostLostAfter
  if (now < until) return { actions: [], wakeAt: until }
  const reason = `nothing was heard of the host for ${state.facts.timers.hostLostAfter / 1000} s`
  return { actions: [{ kind: 'declareLost', key: `declareLost ${name}`, reason, host: name }] }
}
