import { type Behaviour, wellBehaved } from './guest/behaviour.ts'
import { type PlanOfDeath, planOfDeath } from './plan-of-death.ts'

/** The behaviour of guests that are not well-behaved. */
export interface Scripts {
  /** By `<Role>_IN_<n>` or role name. */
  readonly behaviours: Map<string, Partial<Behaviour>>
  /** By the name of a package's program. */
  readonly programs: Map<string, Partial<Behaviour>>
  /**
   * The script of the instance with that key, `<deployment>.<Role>_IN_<n>`, when it runs that program; the instance's own script overrides others.
   */
  behaviourOf(key: string, program: string | undefined): Behaviour
  /** When the guest agents of that instance are to die; a write is what one remembers. */
  guestAgentDeath(instance: string): PlanOfDeath
}

export function scripts(): Scripts {
  const behaviours = new Map<string, Partial<Behaviour>>()
  const programs = new Map<string, Partial<Behaviour>>()
  const deaths = new Map<string, PlanOfDeath>()
  return {
    behaviours,
    programs,
    behaviourOf(key, program) {
      const instance = nameOf(key)
      const role = instance.slice(0, instance.lastIndexOf('_IN_'))
      return { ...wellBehaved, ...programs.get(program ?? ''), ...behaviours.get(role), ...behaviours.get(instance) }
    },
    guestAgentDeath(instance) {
      const found = deaths.get(instance) ?? planOfDeath()
      deaths.set(instance, found)
      return found
    },
  }
}

/** Name of the instance with that key. */
export function nameOf(key: string): string {
  return key.slice(key.indexOf('.') + 1)
}
