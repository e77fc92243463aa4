/** Table C-1 of docs/spec/fabric-behaviour.md, which alone is normative for durations; all in milliseconds. */
export const timerDefaults = {
  heartbeatInterval: 2_500,
  heartbeatRestartAfter: 600_000,
  unresponsiveAfter: 60_000,
  statusCheckInterval: 10_000,
  statusCheckTimeout: 30_000,
  longTaskAfter: 60_000,
  lbProbeInterval: 15_000,
  lbProbeTimeout: 31_000,
  lbIdleTimeout: 240_000,
  onStopLimit: 300_000,
  roleReadyTimeout: 1_800_000,
  settleTime: 10_000,
  crashResetAfter: 10_000,
  drainLimit: 30_000,
  streamGrace: 2_000,
  rotationOutLimit: 1_000,
  recycleDelays: [0, 2_000, 4_000, 8_000, 16_000, 30_000] as readonly number[],
  /** Consecutive failures, not a duration (U-37). */
  recycleThreshold: 5,
  transferPeriodLeast: 60_000,
  hostLostAfter: 60_000,
  hostIsolatedAfter: 40_000,
  hostRecoverBudget: 600_000,
  brakeWindow: 1_800_000,
}

/** A timer of Node can wait at most 24.8 days; this leaves some days for what is added to a duration. */
export const longestTimerMs = 24 * 86_400_000

export type Timers = typeof timerDefaults

/** hostIsolatedAfter where only hostLostAfter is given, and at most: what is left is for asking the other machines and for the end of guests. */
const isolatedShare = { usual: 2 / 3, most: 3 / 4 } as const

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, m: 60_000, h: 3_600_000 }

/** `250ms`, `2.5s`, `10min`, `1h` or bare seconds, as milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|min|m|h)?$/.exec(text.trim())
  return match ? Math.round(Number(match[1]) * (unitMs[match[2] ?? 's'] ?? Number.NaN)) : undefined
}

/**
 * The table with overrides of the form `NAME=DURATION` (`recycleDelays=0,1s,2s`, `recycleThreshold=3`).
 * Throws a RangeError that names the known timers when a name or a duration is none, or when hostIsolatedAfter is too near to hostLostAfter.
 */
export function timersWith(overrides: readonly string[]): Timers {
  const timers: Record<string, number | readonly number[]> = { ...timerDefaults }
  for (const override of overrides) {
    const [name = '', value = ''] = override.split(/=(.*)/s)
    if (!Object.hasOwn(timerDefaults, name))
      throw new RangeError(
        `--timer ${override}: no timer is called "${name}". Timers: ${Object.keys(timerDefaults).join(', ')}.`,
      )
    const values =
      name === 'recycleThreshold' ? [Number(value)] : value.split(',').map((part) => parseDuration(part) ?? Number.NaN)
    if (values.some(Number.isNaN))
      throw new RangeError(`--timer ${override}: "${value}" is no duration. Write 250ms, 2.5s, 10min or 1h.`)
    if (values.some((ms) => ms > longestTimerMs))
      throw new RangeError(`--timer ${override}: "${value}" is more than 24 days, the longest that a timer can wait.`)
    timers[name] = name === 'recycleDelays' ? values : (values[0] as number)
  }
  return withIsolation(timers as unknown as Timers, overrides)
}

function withIsolation(timers: Timers, overrides: readonly string[]): Timers {
  const { hostIsolatedAfter, hostLostAfter } = timers
  const most = Math.floor(hostLostAfter * isolatedShare.most)
  if (hostIsolatedAfter <= most) return timers
  if (!overrides.some((one) => one.startsWith('hostIsolatedAfter=')))
    return { ...timers, hostIsolatedAfter: Math.floor(hostLostAfter * isolatedShare.usual) }
  throw new RangeError(
    `--timer hostIsolatedAfter: ${hostIsolatedAfter / 1_000} s leave a host that is cut off too little time to stop its guests before it is lost, ${hostLostAfter / 1_000} s after it was last heard (hostLostAfter). Give at most ${most / 1_000} s.`,
  )
}
