import type { BufferPlan, DiagnosticsConfiguration } from '../../../service-model/diagnostics/configuration.ts'
import type { BufferName, DiagnosticsState } from './state.ts'

const bytesInMB = 1024 * 1024

/** The configuration of a buffer. */
export function planOf(configuration: DiagnosticsConfiguration, buffer: BufferName): BufferPlan {
  const { logs, infrastructure, counters, eventLog, directories } = configuration
  const plans: Readonly<Record<BufferName, BufferPlan>> = {
    Logs: logs,
    DiagnosticInfrastructureLogs: infrastructure,
    PerformanceCounters: counters,
    WindowsEventLog: eventLog,
    Directories: directories,
  }
  return plans[buffer]
}

/** How often a buffer is transferred; undefined: never (P-14). */
export function periodOf({ configuration, leastPeriodMs }: DiagnosticsState, buffer: BufferName): number | undefined {
  const { transferPeriodMs } = planOf(configuration, buffer)
  return transferPeriodMs === 0 ? undefined : Math.max(transferPeriodMs, leastPeriodMs)
}

/** Whether anything is ever collected into the buffer. */
export function isCollected(state: DiagnosticsState, buffer: BufferName): boolean {
  if (buffer === 'PerformanceCounters') return state.configuration.counters.samples.length > 0
  return buffer !== 'Directories' || periodOf(state, buffer) !== undefined
}

/** Bytes of all buffers together: as configured, but at most the size of DiagnosticStore. */
export function overallQuota({ configuration, storeMB }: DiagnosticsState): number {
  return Math.min(configuration.overallQuotaInMB, storeMB) * bytesInMB
}

/** Bytes of one buffer. */
export function quotaOf(state: DiagnosticsState, buffer: BufferName): number {
  const { quotaInMB } = planOf(state.configuration, buffer)
  return quotaInMB === 0 ? overallQuota(state) : Math.min(quotaInMB * bytesInMB, overallQuota(state))
}

/** Largest segment: the oldest eighth of a buffer is dropped at once, and a long transfer does not hold much. Origin: choice. */
export function segmentLimit(state: DiagnosticsState, buffer: BufferName): number {
  return Math.min(quotaOf(state, buffer) / 8, 4 * bytesInMB)
}
