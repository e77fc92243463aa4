/** What Diagnostics collects from an instance, and when it transfers it (P-13 to P-18). Durations in milliseconds. */
export interface DiagnosticsConfiguration {
  /** How often the control container is asked for another configuration; 0: never. */
  readonly pollIntervalMs: number
  /** MB of all buffers together. */
  readonly overallQuotaInMB: number
  readonly logs: BufferPlan
  readonly infrastructure: BufferPlan
  readonly eventLog: BufferPlan & { readonly channels: readonly string[] }
  readonly counters: BufferPlan & { readonly samples: readonly CounterSample[] }
  readonly directories: BufferPlan & { readonly sources: readonly DirectorySource[] }
}

/** One buffer of rows. */
export interface BufferPlan {
  /** MB; 0: as much as all buffers together may have. */
  readonly quotaInMB: number
  /** 0: never (P-14). */
  readonly transferPeriodMs: number
  /** The least important level that is transferred, as a number of the original's: 1 Critical to 5 Verbose; 0: all. */
  readonly levelFilter: number
}

export interface CounterSample {
  /** `\Processor(_Total)\% Processor Time` */
  readonly specifier: string
  readonly everyMs: number
}

/** A directory whose files are transferred to a Blob container (P-18). */
export interface DirectorySource {
  readonly container: string
  readonly place:
    | { readonly kind: 'absolute'; readonly path: string; readonly expand: boolean }
    | { readonly kind: 'local'; readonly resource: string; readonly relativePath: string }
    /** Web logs, or traces of failed requests, of all sites of the instance (G-9, G-13). `quotaInMB`: beyond it the oldest are removed; 0: none is. */
    | { readonly kind: OfSites; readonly naming: Naming; readonly quotaInMB: number }
}

/** What the web server writes of its sites. */
export type OfSites = 'webLogs' | 'failedRequests'

export function isOfSites(
  place: DirectorySource['place'],
): place is Extract<DirectorySource['place'], { readonly kind: OfSites }> {
  return place.kind === 'webLogs' || place.kind === 'failedRequests'
}

/** By whose rule the blobs of web logs are named: the plug-in's (.wadcfg) or the extension's (.wadcfgx) (P-17). */
export type Naming = 'plugIn' | 'extension'

/** MB in any quota: more than any disk of an instance. Origin: the largest that a 32-bit number of the original's takes. */
export const mostMB = 2 ** 31 - 1

/** The original's levels of log messages, by their numbers. */
export const logLevels = ['Undefined', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'] as const

/** MB of all buffers without a setting: the original's, which leaves some of DiagnosticStore for other things. */
const defaultQuotaInMB = 4080

const kept: BufferPlan = { quotaInMB: 0, transferPeriodMs: 0, levelFilter: 0 }

/** Without a file: logs are stored on the disk and not transferred, like the original's default. */
export const defaultConfiguration: DiagnosticsConfiguration = {
  pollIntervalMs: 60_000,
  overallQuotaInMB: defaultQuotaInMB,
  logs: kept,
  infrastructure: kept,
  eventLog: { ...kept, channels: [] },
  counters: { ...kept, samples: [] },
  directories: { ...kept, sources: [] },
}
