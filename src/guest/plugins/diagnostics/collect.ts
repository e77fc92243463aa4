import type { Instant } from '../../../kernel/instant.ts'
import { counterValue, isOfWebServer, type Snapshot } from './counters.ts'
import type { DiagnosticsFacilities, Marks, Position } from './facilities.ts'
import { eventRows, infrastructureRows, logRows } from './lines.ts'
import { segmentLimit } from './plan.ts'
import { removeOldWebLogs } from './remove-old-web-logs.ts'
import type { Identity, Row } from './row.ts'
import type { DiagnosticsOutcome } from './settle.ts'
import type { BufferName, DiagnosticsState, Segment } from './state.ts'
import { transferFiles } from './transfer-files.ts'

type Collectors = Readonly<Record<BufferName, (counters: readonly string[]) => Promise<DiagnosticsOutcome>>>

/** The agent's own log, which it collects like any other. */
export const ownLog = 'DiagnosticsAgent'

/** What collects into each buffer. */
export function collectors(
  facilities: DiagnosticsFacilities,
  identity: Identity,
  state: () => DiagnosticsState,
): Collectors {
  /** When each counter was last sampled. */
  const samples = new Map<string, Snapshot>()
  const unknown = new Set<string>()

  function add(name: BufferName, rows: readonly Row[], marks: Marks): readonly Segment[] {
    const buffer = facilities.buffers[name]
    buffer.append(rows, marks, segmentLimit(state(), name), facilities.now())
    return buffer.segments()
  }

  async function follow(
    buffer: BufferName,
    logs: readonly string[],
    rowsOf: (line: string, at: Instant, log: string) => readonly Row[],
  ): Promise<DiagnosticsOutcome> {
    const marks = facilities.buffers[buffer].marks()
    const read = logs.map((log) => ({ log, ...facilities.readLines(log, marks[log] as Position | undefined) }))
    for (const { log, missed } of read)
      if (missed > 0)
        facilities.log(
          'Warning',
          `${missed} bytes of ${log} were written faster than they could be read, and are lost.`,
        )
    const now = facilities.now()
    const rows = read.flatMap(({ log, lines }) => lines.flatMap((line) => rowsOf(line, now, log)))
    const positions = Object.fromEntries(read.map(({ log, position }) => [log, position]))
    return { kind: 'collected', segments: add(buffer, rows, positions), more: read.some(({ more }) => more) }
  }

  async function sample(counters: readonly string[]): Promise<readonly Row[]> {
    const now = await facilities.snapshot(counters.some(isOfWebServer))
    return counters.flatMap((CounterName) => {
      const CounterValue = counterValue(CounterName, now, samples.get(CounterName))
      samples.set(CounterName, now)
      if (CounterValue === 'unknown' && !unknown.has(CounterName)) {
        unknown.add(CounterName)
        facilities.log('Warning', `The counter ${CounterName} is skipped: nothing of this system stands for it.`)
      }
      return typeof CounterValue === 'number' ? [{ at: now.at, level: 0, columns: { CounterName, CounterValue } }] : []
    })
  }

  return {
    Logs: () => follow('Logs', ['RoleOutput', 'WaWorkerHost', 'WaIISHost', 'WaWebHost'], logRows),
    DiagnosticInfrastructureLogs: () => follow('DiagnosticInfrastructureLogs', [ownLog], infrastructureRows),
    WindowsEventLog: () =>
      follow('WindowsEventLog', state().configuration.eventLog.channels, (line, at, channel) =>
        eventRows(line, channel, at),
      ),
    PerformanceCounters: async (counters) => ({
      kind: 'collected',
      segments: add('PerformanceCounters', await sample(counters), {}),
      more: false,
    }),
    async Directories() {
      const transfer = transferFiles(facilities, identity, state, (rows, marks) => add('Directories', rows, marks))
      const outcome = await transfer.catch(() => undefined)
      // Files of the next round are not removed before it; an unreachable account delays nothing.
      if (outcome?.kind !== 'collected' || !outcome.more) await removeOldWebLogs(facilities, state())
      return transfer
    },
  }
}
