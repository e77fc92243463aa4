/** The slowest that a package may come; progress counts, not how long a slow line takes. */
export interface Pace {
  readonly leastBytes: number
  readonly perMs: number
}

/** Origin: choice. */
export const slowest: Pace = { leastBytes: 2 ** 20, perMs: 60_000 }

export interface PaceWatch {
  /** Aborted with an Error that says how little has come. */
  readonly signal: AbortSignal
  readonly came: (bytes: number) => void
  readonly stop: () => void
}

/** Gives up what comes more slowly than that. */
export function watchPace({ leastBytes, perMs }: Pace): PaceWatch {
  const given = new AbortController()
  let recent = 0
  const timer = setInterval(() => {
    if (recent < leastBytes)
      given.abort(new Error(`in ${perMs / 1000} s fewer than ${leastBytes / 2 ** 20} MiB of it came`))
    recent = 0
  }, perMs)
  return { signal: given.signal, came: (bytes) => (recent += bytes), stop: () => clearInterval(timer) }
}
