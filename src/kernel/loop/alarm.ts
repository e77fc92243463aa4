import type { Instant } from '../instant.ts'

/** The one timer of a loop. */
export interface Alarm {
  /** Sets it to the next moment as of now. */
  arm(): void
  /** Stops it for ever. */
  stop(): void
}

/** `next` says for when to set it; undefined: not set. */
export function alarmOf({
  next,
  schedule,
  ring,
}: {
  next(): Instant | undefined
  schedule(at: Instant, wake: () => void): () => void
  ring(): void
}): Alarm {
  let set: { readonly at: Instant; cancel(): void } | undefined
  let stopped = false
  const rings = () => {
    set = undefined
    ring()
  }
  return {
    arm() {
      const at = next()
      if (stopped || at === set?.at) return
      set?.cancel()
      set = at === undefined ? undefined : { at, cancel: schedule(at, rings) }
    },
    stop() {
      stopped = true
      set?.cancel()
    },
  }
}
