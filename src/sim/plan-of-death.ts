/** Where a process dies: at its write of that number, counted from 0, before it is durable or right after. */
export interface Death {
  readonly write: number
  readonly when: 'before' | 'after'
}

/** What a process throws when it dies by the plan of a run. */
class Killed extends Error {}

/** Counts the durable writes of a process, and ends it at the planned one. */
export interface PlanOfDeath {
  writes(): number
  set(death: Death): void
  /** Carries one write out. Throws where the process must die. */
  around(write: () => void): void
}

export function planOfDeath(): PlanOfDeath {
  let writes = 0
  let plan: Death | undefined
  const meet = (write: number, when: Death['when']) => {
    if (plan?.write !== write || plan.when !== when) return
    plan = undefined
    throw new Killed(`killed ${when} write ${write}`)
  }
  return {
    writes: () => writes,
    set(death) {
      plan = death
    },
    around(write) {
      const number = writes
      meet(number, 'before')
      write()
      writes++
      meet(number, 'after')
    },
  }
}
