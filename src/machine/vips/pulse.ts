import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { answeredPulse, beaten, firstPulse, pulseTimes } from '../../fabric/contract/holding-vips.ts'
import { isVipOf, type VipRange } from '../../fabric/contract/vip-range.ts'

/** What a balancer says of itself to its machine's VipHolder. */
export interface PulseText {
  /** So long the machine may hold the VIPs without another word, in milliseconds of the machine's monotonic clock. */
  readonly until: number
  /** VIPs to which its table leads somebody. */
  readonly vips: readonly string[]
}

/** The longest that a balancer which ends waits for the VIPs to leave. Origin: choice, twice what keepalived needs. */
const leavesWithinMs = 2_000

export interface Pulse {
  /** A controller has answered: what is served is what the controller knows. */
  heard(): void
  /** Says that the machine is to hold the VIPs no longer; resolves when it does not, or, with false, after a time in which another machine would have them. */
  leave(): Promise<boolean>
  close(): void
}

export interface PulseParts {
  readonly file: string
  readonly range: VipRange
  /** VIPs of the table in force; undefined before there is one. */
  vips(): readonly string[] | undefined
}

/**
 * Says again and again that this balancer serves: one that is new, or was stopped for a while, only when a controller has answered it, for its table may
 * be an old one.
 */
export function openPulse({ file, range, vips }: PulseParts): Pulse {
  let pulse = firstPulse(readPulse(file)?.until ?? 0, monotonicMs())
  let isLeaving = false
  const timer = setInterval(() => {
    const now = monotonicMs()
    pulse = beaten(pulse, now)
    const served = vips()
    if (pulse.isCurrent && served && !isLeaving) writePulse(file, { until: now + pulseTimes.goodForMs, vips: served })
  }, pulseTimes.everyMs)
  timer.unref()
  return {
    heard() {
      pulse = answeredPulse(pulse)
    },
    async leave() {
      isLeaving = true
      writePulse(file, { until: 0, vips: vips() ?? [] })
      const giveUpAt = monotonicMs() + leavesWithinMs
      while (holdsSome(range) && monotonicMs() < giveUpAt) await pause(pulseTimes.everyMs / 10)
      return !holdsSome(range)
    },
    close: () => clearInterval(timer),
  }
}

/** Undefined when there is none that can be read. */
export function readPulse(file: string): PulseText | undefined {
  try {
    const { until, vips } = JSON.parse(readFileSync(file, 'utf8')) as Partial<PulseText>
    return typeof until === 'number' && Array.isArray(vips) ? { until, vips } : undefined
  } catch {
    return undefined
  }
}

/** Since the computer began, the same for all of its processes, whatever becomes of its clock. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

/** A reader finds the last word or the next, never a part. Nothing is lost with the file when the machine stops, so it is not flushed. */
function writePulse(file: string, text: PulseText): void {
  const fresh = `${file}.${process.pid}`
  try {
    writeFileSync(fresh, JSON.stringify(text), { mode: 0o644 })
    renameSync(fresh, file)
  } catch {
    // A full disk: the VIPs go to a machine that can say that it serves.
  }
}

/** Whether a VIP is on a link of this machine, so that it gets new connections. */
export function holdsSome(range: VipRange): boolean {
  const links = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    name === 'lo' ? [] : (addresses ?? []),
  )
  return links.some(({ address }) => isVipOf(range, address))
}
