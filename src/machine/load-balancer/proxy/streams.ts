/** Connections that have no end of their own, by instance: switched protocols and event streams (L-19). */
export interface Streams {
  /**
   * A stream at this instance begins. `tell` is called once, when its instance has drained for the grace period: it must end the
   * stream. Call the returned function when the stream has ended by itself.
   */
  begin(instance: string, tell: () => void): () => void
  /** Instances that drain now. An instance that did not drain before has the whole grace period. */
  drain(instances: ReadonlySet<string>): void
  /** Tells every stream at once. */
  tellAll(): void
}

export function openStreams(graceMs: number): Streams {
  const streams = new Map<string, Set<() => void>>()
  const draining = new Map<string, NodeJS.Timeout>()

  function tell(instance: string): void {
    const told = streams.get(instance) ?? []
    streams.delete(instance)
    for (const one of told) one()
  }

  function stop(instance: string): void {
    clearInterval(draining.get(instance))
    draining.delete(instance)
  }

  return {
    begin(instance, one) {
      const own = streams.get(instance) ?? new Set()
      streams.set(instance, own.add(one))
      return () => {
        own.delete(one)
        if (own.size === 0 && streams.get(instance) === own) streams.delete(instance)
      }
    },
    drain(instances) {
      for (const instance of draining.keys()) if (!instances.has(instance)) stop(instance)
      // Again and again: the answer to a request that was in flight may become a stream later.
      for (const instance of instances)
        if (!draining.has(instance)) draining.set(instance, setInterval(tell, graceMs, instance).unref())
    },
    tellAll() {
      for (const instance of streams.keys()) tell(instance)
      for (const instance of draining.keys()) stop(instance)
    },
  }
}
