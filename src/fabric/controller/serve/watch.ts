import type { Instant } from '../../../kernel/instant.ts'
import type { FabricState } from '../state/state.ts'

/** Lets callers wait for something to become true of the committed state. */
export interface Watch {
  /** Told after every commit. */
  changed(state: FabricState): void
  /** True as soon as it holds; false when `limitMs` have passed or the caller has gone. */
  until(holds: (state: FabricState) => boolean, limitMs: number, signal?: AbortSignal): Promise<boolean>
}

export interface Timing {
  now(): Instant
  schedule(at: Instant, wake: () => void): () => void
}

export function watchFrom(first: FabricState, clock: Timing): Watch {
  let state = first
  const waiting = new Set<() => boolean>()
  return {
    changed(next) {
      state = next
      for (const look of waiting) if (look()) waiting.delete(look)
    },
    until(holds, limitMs, signal) {
      if (holds(state)) return Promise.resolve(true)
      return new Promise((resolve) => {
        const end = (held: boolean) => {
          waiting.delete(look)
          cancel()
          signal?.removeEventListener('abort', abort)
          resolve(held)
        }
        const look = () => {
          const held = holds(state)
          if (held) end(true)
          return held
        }
        const abort = () => end(false)
        const cancel = clock.schedule(clock.now() + limitMs, abort)
        waiting.add(look)
        signal?.addEventListener('abort', abort)
        if (signal?.aborted) end(false)
      })
    },
  }
}
