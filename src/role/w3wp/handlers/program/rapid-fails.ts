const minuteMs = 60_000

/** Counts how often a program has failed within the last minute; without a limit, never too often. */
export function rapidFails(limit: number | undefined): {
  readonly add: () => void
  readonly areTooMany: () => boolean
} {
  let times: readonly number[] = []
  const recent = () => (times = times.filter((time) => time > performance.now() - minuteMs))
  return {
    add() {
      if (limit !== undefined) times = [...recent().slice(-limit), performance.now()]
    },
    areTooMany: () => limit !== undefined && recent().length > limit,
  }
}
