import type { Agent } from '../agent.ts'
import type { Instant } from '../instant.ts'
import type { Folding } from './folding.ts'
import type { Refusals } from './refusals.ts'

/** Time in which the agent could not hear. */
export interface Lapses {
  /** Moves the moments from which the agent counts silence and waiting (H-37), before anything else is folded. */
  note(now: Instant): void
  /** The move is part of the committed state. */
  settle(): void
}

export function noLapses<State, Subject extends string>({
  agent,
  folding,
  refusals,
  lapse,
}: {
  readonly agent: Pick<Agent<State, never, Subject, never, never>, 'lapsed' | 'unheard'>
  readonly folding: Folding<State, Subject>
  readonly refusals: Refusals
  lapse(): number
}): Lapses {
  /** The moves that are not part of the committed state yet. */
  let lapsedMs = 0
  return {
    note(now) {
      const ms = lapse()
      lapsedMs += ms
      refusals.lapsed(ms)
      const deafMs = refusals.deafMs(now)
      const { lapsed, unheard = lapsed } = agent
      // Refused time is taken off first: it counts for nobody when a lapse judges who is overdue.
      if (deafMs !== 0 && unheard) folding.take({ fold: (before, at) => unheard(before, deafMs, at) }, now)
      if (lapsedMs !== 0 && lapsed) folding.take({ fold: (before, at) => lapsed(before, lapsedMs, at) }, now)
    },
    settle() {
      lapsedMs = 0
    },
  }
}
