/** Requests that wait for something, the first first. */
export interface RequestQueue<Thing> {
  /** Undefined at once when the queue is full; undefined later when the signal ends the wait. */
  readonly wait: (signal: AbortSignal) => Promise<Thing | undefined>
  /** False when nobody waits. */
  readonly give: (thing: Thing) => boolean
  readonly isEmpty: () => boolean
}

export function openQueue<Thing>(length: number): RequestQueue<Thing> {
  const waiting = new Set<(thing: Thing | undefined) => void>()
  return {
    wait(signal) {
      if (waiting.size >= length || signal.aborted) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const settle = (thing: Thing | undefined) => {
          waiting.delete(settle)
          signal.removeEventListener('abort', leave)
          resolve(thing)
        }
        const leave = () => settle(undefined)
        signal.addEventListener('abort', leave)
        waiting.add(settle)
      })
    },
    give(thing) {
      const [first] = waiting
      first?.(thing)
      return first !== undefined
    },
    isEmpty: () => waiting.size === 0,
  }
}
