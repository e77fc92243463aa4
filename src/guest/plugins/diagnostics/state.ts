import type { Instant } from '../../../kernel/instant.ts'
import type { Account } from '../../../service-model/diagnostics/account.ts'
import type { DiagnosticsConfiguration } from '../../../service-model/diagnostics/configuration.ts'

/** The buffers of the original, by the names that its configuration gives them (P-14). */
export const bufferNames = [
  'Logs',
  'DiagnosticInfrastructureLogs',
  'PerformanceCounters',
  'WindowsEventLog',
  'Directories',
] as const
export type BufferName = (typeof bufferNames)[number]

/** A file of a buffer. Rows of a buffer are numbered through. */
export interface Segment {
  /** Number of its first row. */
  readonly first: number
  readonly rows: number
  readonly bytes: number
  /** When its first row was written. */
  readonly at: Instant
}

/** The known state of a buffer when the agent starts. */
export interface KeptBuffer {
  /** The oldest first; rows are added to the last. */
  readonly segments: readonly Segment[]
  /** Number of the first row that is not transferred. */
  readonly sent: number
  /** When the last transfer began. */
  readonly transferredAt?: Instant | undefined
}

export interface Failure {
  readonly of: 'collect' | 'transfer'
  readonly message: string
  readonly retryAt: Instant
}

export interface BufferState {
  readonly segments: readonly Segment[]
  readonly sent: number
  readonly transferredAt: Instant
  readonly collectAt: Instant
  /** True: the look that ends next may have begun before the agent was asked to end, so one more follows. */
  readonly looksAgain?: boolean | undefined
  /** The rows before this number are being transferred. */
  readonly until?: number | undefined
  /** Why the last attempt failed, and when the next one is made. */
  readonly failure?: Failure | undefined
}

export interface DiagnosticsState {
  readonly configuration: DiagnosticsConfiguration
  /** Faults of the configuration's file, in sentences. */
  readonly faults: readonly string[]
  readonly account: Account
  readonly buffers: Readonly<Record<BufferName, BufferState>>
  /** When each counter is sampled next, by its specifier. */
  readonly samplesAt: Readonly<Record<string, Instant>>
  readonly pollAt: Instant
  /** Most MB of all buffers, whatever the configuration states. */
  readonly storeMB: number
  /** Shortest transfer period (P-14). */
  readonly leastPeriodMs: number
  /** It ends as soon as it has collected and transferred all data (P-14). */
  readonly ending?: boolean | undefined
  /** The problems reported so far, including those of an earlier run. */
  readonly told: string
}

/** The initial state of an agent. */
export type Beginning = Pick<
  DiagnosticsState,
  'configuration' | 'faults' | 'account' | 'storeMB' | 'leastPeriodMs' | 'told'
> & {
  readonly kept: Readonly<Record<BufferName, KeptBuffer>>
}

export function firstState({ kept, ...beginning }: Beginning, now: Instant): DiagnosticsState {
  const buffers = Object.fromEntries(bufferNames.map((name) => [name, firstBuffer(kept[name], now)]))
  return {
    ...beginning,
    buffers: buffers as Record<BufferName, BufferState>,
    samplesAt: {},
    pollAt: now,
  }
}

/** A role that starts again and again, sooner than a period is over, is transferred all the same. */
function firstBuffer({ segments, sent, transferredAt }: KeptBuffer, now: Instant): BufferState {
  return { segments, sent, transferredAt: transferredAt ?? segments[0]?.at ?? now, collectAt: now }
}

/** Number of the next row. */
export function nextRow({ segments, sent }: Pick<BufferState, 'segments' | 'sent'>): number {
  const last = segments.at(-1)
  return last ? last.first + last.rows : sent
}

/** The present problems, as one text of sentences; '' when there are none (P-12). */
export function troubleOf({ faults, account, buffers }: DiagnosticsState): string {
  const failures = bufferNames.flatMap((name) => buffers[name].failure?.message ?? [])
  const ofAccount = account.kind === 'none' ? [account.why] : []
  return [...faults, ...ofAccount, ...new Set(failures)].join(' ')
}
