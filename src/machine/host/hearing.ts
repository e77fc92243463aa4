import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { writeWhole } from '../building/write-whole.ts'
import { type JsonClient, untimelyStatus } from '../http/json-client.ts'

/** How long ago a master was heard, by a clock that nobody sets and that runs on while the machine sleeps. */
export interface Hearing {
  /** Milliseconds since the machine was started. */
  now(): number
  /** A master has answered a request that was sent then. */
  heard(sentAtMs: number): void
  /** Milliseconds since the last such request was sent; undefined: there was none since the machine was started. */
  agoMs(): number | undefined
  /** The same, and where there was none, since this was opened. */
  unansweredMs(): number
  /** A master has refused this machine: it is no part of the fabric any more. */
  refused(): void
  /** Whether that was the last that one said. */
  isRefused(): boolean
  /** Keeps it for the next run of the process. */
  keep(): void
}

interface Kept {
  readonly bootId: string
  readonly heardAtMs: number
}

/** `file` outlives the process; what it says of another start of the machine does not count. What cannot be kept only counts from earlier on. */
export function openHearing(file: string, bootId: string, now = () => uptime() * 1_000): Hearing {
  const opened = now()
  let heardAtMs = keptIn(file, bootId)
  let keptAtMs = heardAtMs
  let isRefused = false
  return {
    now,
    heard(sentAtMs) {
      heardAtMs = Math.max(heardAtMs ?? sentAtMs, sentAtMs)
      isRefused = false
    },
    refused() {
      isRefused = true
    },
    isRefused: () => isRefused,
    agoMs: () => (heardAtMs === undefined ? undefined : now() - heardAtMs),
    unansweredMs: () => now() - (heardAtMs ?? opened),
    keep() {
      if (heardAtMs === undefined || heardAtMs === keptAtMs) return
      const kept: Kept = { bootId, heardAtMs }
      writeWhole(file, JSON.stringify(kept), undefined, false)
      keptAtMs = heardAtMs
    },
  }
}

function keptIn(file: string, bootId: string): number | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>
    return kept.bootId === bootId && Number.isFinite(kept.heardAtMs) ? kept.heardAtMs : undefined
  } catch {
    return undefined
  }
}

/** A client that notes when masters answer. A controller that is none says so (421), and one without a store says that it is busy (503). */
export function hearingThrough(client: JsonClient, hearing: Hearing): JsonClient {
  return {
    ...client,
    async request<Value>(asked: Parameters<JsonClient['request']>[0]) {
      const sentAtMs = hearing.now()
      const reply = await client.request<Value>(asked)
      if (reply.status === 403) hearing.refused()
      else if (isMasters(reply.status)) hearing.heard(sentAtMs)
      return reply
    },
  }
}

function isMasters(status: number): boolean {
  return status >= 200 && status < 500 && status !== 421 && status !== untimelyStatus
}

/** Looks every `everyMs`, tells when no master has answered for `limitMs` or longer, and keeps what was heard. Never ends. */
export function watchHearing(
  hearing: Hearing,
  { limitMs, everyMs }: { readonly limitMs: number; readonly everyMs: number },
  tell: (unansweredMs: number, isRefused: boolean) => void,
): void {
  setInterval(() => {
    const ms = hearing.unansweredMs()
    if (ms >= limitMs) tell(ms, hearing.isRefused())
    try {
      hearing.keep()
    } catch {
      // On a full disk the next run counts from earlier on, and asks sooner.
    }
  }, everyMs).unref()
}
