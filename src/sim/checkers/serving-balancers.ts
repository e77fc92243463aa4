import type { Instant } from '../../kernel/instant.ts'
import type { SimulatedBalancer } from '../balancer.ts'
import type { World } from '../world.ts'

/** A balancer that is cut off holds the VIPs no longer than this (docs/decisions/several-machines.md, "Network"). */
const vipsLeaveMs = 2_000

/** Of several load balancers, those that have the VIPs or may get them: their tables alone lead somebody to an instance. */
export interface ServingBalancers {
  /** To be called at every look of a checker, so that the moments are known at which a balancer went and came back. */
  look(): readonly SimulatedBalancer[]
}

interface Absence {
  readonly since: Instant
  /** When it was seen again; a balancer that comes back serves once it has the table of a controller. */
  readonly backAt?: Instant | undefined
}

export function servingBalancers({ clock, network, balancers }: World): ServingBalancers {
  const absences = new Map<string, Absence>()

  function serves(balancer: SimulatedBalancer): boolean {
    const { name } = balancer
    const now = clock.now()
    const absence = absences.get(name)
    const hasStopped = !balancer.runs() || balancer.isPaused()
    if (hasStopped || network.isCut(name)) {
      const { since } = absence ?? { since: now }
      const hasGone = hasStopped || absence?.backAt !== undefined || now - since > vipsLeaveMs
      absences.set(name, { since: hasGone ? Math.min(since, now - vipsLeaveMs - 1) : since })
      return !hasGone
    }
    if (!absence) return true
    const { since, backAt = now } = absence
    if (balancer.heardAt() >= backAt || (absence.backAt === undefined && now - since <= vipsLeaveMs)) {
      absences.delete(name)
      return true
    }
    absences.set(name, { since, backAt })
    return false
  }

  return { look: () => balancers.filter(serves) }
}
