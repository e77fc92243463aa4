import type { Agent } from 'node:http'
import type { ProcessPool } from './process-pool.ts'

/** Something whose programs can be let go. */
export interface Leaving {
  /** Takes no further request, and ends when it has answered those that it has. */
  readonly leave: () => Promise<void>
  /** Ends at once, and resolves when nothing is left. */
  readonly close: () => Promise<void>
}

/** The applications of a driver, by their key. */
export interface KeptApplications<Application extends Leaving> {
  /**
   * The one stored under the key. If that was made of something else, another takes its place, while the old one answers the requests that it has
   * taken.
   */
  readonly of: (key: string, madeOf: string, make: () => Application) => Application
  readonly find: (key: string) => Application | undefined
  readonly dismiss: (key: string) => void
  readonly close: () => Promise<void>
}

export function keepApplications<Application extends Leaving>(): KeptApplications<Application> {
  const known = new Map<string, { readonly application: Application; readonly madeOf: string }>()
  const former = new Set<Application>()
  const dismiss = (key: string) => {
    const application = known.get(key)?.application
    known.delete(key)
    if (!application) return
    former.add(application)
    void application.leave().then(() => former.delete(application))
  }
  return {
    of(key, madeOf, make) {
      const found = known.get(key)
      if (found?.madeOf === madeOf) return found.application
      dismiss(key)
      const application = make()
      known.set(key, { application, madeOf })
      return application
    },
    find: (key) => known.get(key)?.application,
    dismiss,
    async close() {
      const all = [...known.values()].map(({ application }) => application)
      await Promise.all([...all, ...former].map((application) => application.close()))
    },
  }
}

/** How an application with these programs ends; its files are not watched any more. */
export function leaving(pool: ProcessPool, agent: Agent, unwatch: () => void): Leaving {
  return {
    leave() {
      unwatch()
      return pool.drain()
    },
    async close() {
      unwatch()
      agent.destroy()
      await pool.close()
    },
  }
}
