import type { Element } from '../../kernel/xml.ts'
import { integer, text } from '../document/attributes.ts'
import { concluded, fault, type Notes, notesOn, warn } from '../document/notes.ts'
import { readRoot } from '../document/root.ts'
import { checkShape, many, one } from '../document/shape.ts'
import { diagnosticsNamespace } from '../namespaces.ts'
import type { Reading } from '../reading.ts'
import {
  type BufferPlan,
  type DiagnosticsConfiguration,
  defaultConfiguration,
  logLevels,
  mostMB,
  type Naming,
} from './configuration.ts'
import { counterOf } from './counters.ts'
import { parseXmlDuration } from './duration.ts'
import { readDirectories } from './read-directories.ts'

/**
 * `diagnostics.wadcfg`: a DiagnosticMonitorConfiguration (P-13). Refused with the line when it is not well-formed, has a DTD, or has impossible
 * values; data collected only on Windows is a warning.
 */
export function readWadcfg(source: string, file: string): Reading<DiagnosticsConfiguration> {
  const notes = notesOn(file, diagnosticsNamespace, true)
  const root = readRoot(notes, source, 'DiagnosticMonitorConfiguration')
  return root ? concluded(notes, readMonitor(notes, root, 'plugIn')) : concluded(notes)
}

/** A DiagnosticMonitorConfiguration, wherever it stands. */
export function readMonitor(notes: Notes, root: Element, naming: Naming): DiagnosticsConfiguration {
  checkShape(notes, root, {
    attributes: ['configurationChangePollInterval', 'overallQuotaInMB', 'sinks', 'useProxyServer'],
    once: ['DiagnosticInfrastructureLogs', 'Logs', 'Directories', 'PerformanceCounters', 'WindowsEventLog', ...alien],
  })
  for (const name of alien) {
    const found = one(notes, root, name)
    if (found) warn(notes, found, `${name} is passed over: what it asks for exists on Windows alone.`)
  }
  if (root.attributes['sinks']) warn(notes, root, 'sinks is passed over: tables and containers are the only ones here.')
  const eventLog = one(notes, root, 'WindowsEventLog')
  const counters = one(notes, root, 'PerformanceCounters')
  const directories = one(notes, root, 'Directories')
  const { pollIntervalMs, overallQuotaInMB } = defaultConfiguration
  return {
    pollIntervalMs: duration(notes, root, 'configurationChangePollInterval', pollIntervalMs),
    overallQuotaInMB: integer(notes, root, 'overallQuotaInMB', { min: 1, max: mostMB }, overallQuotaInMB),
    logs: plan(notes, one(notes, root, 'Logs')),
    infrastructure: plan(notes, one(notes, root, 'DiagnosticInfrastructureLogs')),
    eventLog: { ...plan(notes, eventLog), channels: channelsOf(notes, eventLog) },
    counters: { ...plan(notes, counters), samples: samplesOf(notes, counters) },
    directories: { ...plan(notes, directories), sources: readDirectories(notes, directories, naming) },
  }
}

/** Elements about things that only Windows has, or only the original's cloud accepts. */
const alien = ['EtwProviders', 'CrashDumps', 'Metrics', 'DockerSources', 'SinksConfig'] as const

function plan(notes: Notes, element: Element | undefined): BufferPlan {
  if (!element) return { quotaInMB: 0, transferPeriodMs: 0, levelFilter: 0 }
  return {
    quotaInMB: integer(notes, element, 'bufferQuotaInMB', { min: 0, max: mostMB }, 0),
    transferPeriodMs: duration(notes, element, 'scheduledTransferPeriod', 0),
    levelFilter: level(notes, element),
  }
}

function level(notes: Notes, element: Element): number {
  const word = element.attributes['scheduledTransferLogLevelFilter'] ?? 'Undefined'
  const found = logLevels.findIndex((name) => name.toLowerCase() === word.toLowerCase())
  if (found >= 0) return found
  fault(notes, element, `scheduledTransferLogLevelFilter is one of ${logLevels.join(', ')}; found "${word}".`)
  return 0
}

function duration(notes: Notes, element: Element, name: string, fallback: number): number {
  const written = element.attributes[name]
  if (written === undefined) return fallback
  const ms = parseXmlDuration(written)
  if (ms !== undefined) return ms
  fault(notes, element, `${name} of ${element.local} is a duration such as PT1M or PT30S; found "${written}".`)
  return fallback
}

/** The channel with the events of the instance (G-19). */
const platformChannel = 'Windows Azure'

/** `Application!*` is the whole channel. A query picks events on Windows; here it is passed over, and the channel taken whole. */
function channelsOf(notes: Notes, element: Element | undefined): readonly string[] {
  const names = many(notes, element, 'DataSource').map((source) => {
    const [channel = '', query = '*'] = text(notes, source, 'name').split(/!(.*)/s)
    if (query.trim() !== '*')
      warn(notes, source, `the query of "${channel}" is passed over: every event of the channel is taken.`)
    if (channel.trim() !== platformChannel)
      warn(
        notes,
        source,
        `nothing of the platform is written to the channel "${channel.trim()}" here; "${platformChannel}" has it.`,
      )
    return channel.trim()
  })
  return [...new Set(names)]
}

function samplesOf(notes: Notes, element: Element | undefined): DiagnosticsConfiguration['counters']['samples'] {
  return many(notes, element, 'PerformanceCounterConfiguration').flatMap((counter) => {
    const specifier = text(notes, counter, 'counterSpecifier')
    // Nothing on Windows is sampled more often.
    const everyMs = Math.max(1_000, duration(notes, counter, 'sampleRate', 60_000))
    if (counterOf(specifier)) return { specifier, everyMs }
    warn(notes, counter, `the counter ${specifier} is skipped: nothing here stands for it.`)
    return []
  })
}
