import type { BufferName } from './state.ts'

/** The tables of the buffers (P-15). */
export const tables: Readonly<Record<BufferName, string>> = {
  Logs: 'WADLogsTable',
  DiagnosticInfrastructureLogs: 'WADDiagnosticInfrastructureLogsTable',
  PerformanceCounters: 'WADPerformanceCountersTable',
  WindowsEventLog: 'WADWindowsEventLogsTable',
  Directories: 'WADDirectoriesTable',
}

/** Holds the configurations that operators change (P-13). */
export const controlContainer = 'wad-control-container'
