/** Http requests in flight, by instance (design.md 9.3). */
export interface InFlight {
  begin(instance: string): void
  end(instance: string): void
  busy(): readonly string[]
  /** The instances whose last request in flight is to be reported. */
  watch(instances: ReadonlySet<string>): void
}

/** `idle` is called when the last request of a watched instance has ended. */
export function countInFlight(idle: (instance: string) => void): InFlight {
  const counts = new Map<string, number>()
  let watched: ReadonlySet<string> = new Set()
  return {
    begin(instance) {
      counts.set(instance, (counts.get(instance) ?? 0) + 1)
    },
    end(instance) {
      const left = (counts.get(instance) ?? 0) - 1
      if (left > 0) counts.set(instance, left)
      else {
        counts.delete(instance)
        if (watched.has(instance)) idle(instance)
      }
    },
    busy: () => [...counts.keys()],
    watch(instances) {
      watched = instances
    },
  }
}
