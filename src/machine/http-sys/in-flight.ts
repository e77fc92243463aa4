import type { Exchange } from './exchange.ts'

/** The exchanges that are not over. */
export interface InFlight {
  readonly add: (exchange: Exchange) => void
  /** Resolves when there is none. */
  readonly none: () => Promise<void>
}

export function inFlightOf(): InFlight {
  const all = new Set<Exchange>()
  const waiting: (() => void)[] = []
  const settle = () => {
    if (all.size === 0) for (const resolve of waiting.splice(0)) resolve()
  }
  return {
    add(exchange) {
      all.add(exchange)
      exchange.onEnd(() => {
        all.delete(exchange)
        settle()
      })
    },
    none: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        settle()
      }),
  }
}
