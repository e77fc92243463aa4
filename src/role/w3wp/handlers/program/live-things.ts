/** What lives, and when nothing lives any more. */
export interface LiveThings<Thing> extends Iterable<Thing> {
  readonly add: (thing: Thing) => void
  readonly delete: (thing: Thing) => void
  readonly has: (thing: Thing) => boolean
  /** Resolves when nothing is left. */
  readonly gone: () => Promise<void>
}

export function liveThings<Thing>(): LiveThings<Thing> {
  const live = new Set<Thing>()
  let waiting: readonly (() => void)[] = []
  return {
    add: (thing) => live.add(thing),
    delete(thing) {
      live.delete(thing)
      if (live.size > 0) return
      for (const told of waiting) told()
      waiting = []
    },
    has: (thing) => live.has(thing),
    async gone() {
      if (live.size > 0) await new Promise<void>((resolve) => (waiting = [...waiting, resolve]))
    },
    [Symbol.iterator]: () => live.values(),
  }
}
