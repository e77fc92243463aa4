import type { Instant } from '../../../kernel/instant.ts'
import { counterOf, type KnownCounter } from '../../../service-model/diagnostics/counters.ts'
import type { SiteCounts, WebCounts } from '../../contract/web-counts.ts'

/** Counts of the system, at one moment. Times in ticks of the same length. */
export interface Snapshot {
  readonly at: Instant
  /** By processor, `_Total` for all. */
  readonly processors: Readonly<Record<string, { readonly busy: number; readonly total: number }>>
  readonly memory: { readonly availableBytes: number; readonly committedBytes: number; readonly limitBytes: number }
  readonly network: { readonly receivedBytes: number; readonly sentBytes: number }
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number }
  readonly contextSwitches: number
  readonly processes: readonly ProcessSnapshot[]
  /** Undefined where the web server does not answer, or was not asked. */
  readonly web?: WebCounts | 'absent' | undefined
}

export interface ProcessSnapshot {
  readonly name: string
  readonly seconds: number
  readonly residentBytes: number
  readonly virtualBytes: number
  readonly threads: number
}

/** A counter's value: not yet where it takes two moments, nor while there is no such process. */
export type Sampled = number | 'notYet' | 'unknown'

type Read = (now: Snapshot, before: Snapshot | undefined, instance: string) => Sampled

const bytesInMB = 1024 * 1024

/** How each is read (P-19). */
const counters: Readonly<Record<KnownCounter, Read>> = {
  'processor\\% processor time': (now, before, instance) => processorTime(now, before, instance, 'busy'),
  'processor\\% idle time': (now, before, instance) => processorTime(now, before, instance, 'idle'),
  'memory\\available mbytes': ({ memory }) => Math.floor(memory.availableBytes / bytesInMB),
  'memory\\available kbytes': ({ memory }) => Math.floor(memory.availableBytes / 1024),
  'memory\\available bytes': ({ memory }) => memory.availableBytes,
  'memory\\committed bytes': ({ memory }) => memory.committedBytes,
  'memory\\% committed bytes in use': ({ memory }) => percent(memory.committedBytes, memory.limitBytes),
  'process\\% processor time': (now, before, instance) => processTime(now, before, instance),
  'process\\working set': (now, _before, instance) => sumOf(now, instance, ({ residentBytes }) => residentBytes),
  'process\\private bytes': (now, _before, instance) => sumOf(now, instance, ({ residentBytes }) => residentBytes),
  'process\\virtual bytes': (now, _before, instance) => sumOf(now, instance, ({ virtualBytes }) => virtualBytes),
  'process\\thread count': (now, _before, instance) => sumOf(now, instance, ({ threads }) => threads),
  'network interface\\bytes total/sec': (now, before) =>
    rate(now, before, ({ network }) => network.receivedBytes + network.sentBytes),
  'network interface\\bytes received/sec': (now, before) => rate(now, before, ({ network }) => network.receivedBytes),
  'network interface\\bytes sent/sec': (now, before) => rate(now, before, ({ network }) => network.sentBytes),
  'logicaldisk\\free megabytes': ({ disk }) => Math.floor(disk.freeBytes / bytesInMB),
  'logicaldisk\\% free space': ({ disk }) => percent(disk.freeBytes, disk.totalBytes),
  'system\\context switches/sec': (now, before) => rate(now, before, ({ contextSwitches }) => contextSwitches),
  'system\\processes': ({ processes }) => processes.length,
  'web service\\bytes total/sec': webRate(({ receivedBytes, sentBytes }) => receivedBytes + sentBytes),
  'web service\\bytes sent/sec': webRate(({ sentBytes }) => sentBytes),
  'web service\\bytes received/sec': webRate(({ receivedBytes }) => receivedBytes),
  'web service\\get requests/sec': webRate(({ gets }) => gets),
  'web service\\post requests/sec': webRate(({ posts }) => posts),
  'web service\\total method requests/sec': webRate(({ requests }) => requests),
  'web service\\total method requests': webTotal(({ requests }) => requests),
  'web service\\not found errors/sec': webRate(({ notFound }) => notFound),
  'web service\\current connections': webNow(({ connections }) => connections),
  'http service request queues\\currentqueuesize': webNow(({ queued }) => queued),
  'http service request queues\\rejectedrequests': webNow(({ rejected }) => rejected),
  'asp.net\\requests queued': webNow(({ queued }) => queued),
  'asp.net\\requests rejected': webNow(({ rejected }) => rejected),
  'asp.net applications\\requests/sec': webRate(({ managed }) => managed),
  'asp.net applications\\requests total': webTotal(({ managed }) => managed),
  'asp.net applications\\errors total/sec': webRate(({ managedErrors }) => managedErrors),
  'asp.net applications\\errors total': webTotal(({ managedErrors }) => managedErrors),
}

/** Whether the web server has to be asked for it. */
export function isOfWebServer(specifier: string): boolean {
  return /^(?:web service|http service|asp\.net)/.test(counterOf(specifier)?.key ?? '')
}

/** The value of a counter such as `\Processor(_Total)\% Processor Time` at a moment; `before`: the last moment at which it was sampled. */
export function counterValue(specifier: string, now: Snapshot, before: Snapshot | undefined): Sampled {
  const counter = counterOf(specifier)
  return counter ? counters[counter.key](now, before, counter.instance) : 'unknown'
}

function percent(part: number, whole: number): number {
  return whole > 0 ? (100 * part) / whole : 0
}

function processorTime(now: Snapshot, before: Snapshot | undefined, instance: string, what: 'busy' | 'idle'): Sampled {
  const name = instance.toLowerCase() === '_total' || instance === '*' ? '_Total' : instance
  const [then, last] = [before?.processors[name], now.processors[name]]
  if (!last) return 'unknown'
  if (!then || last.total <= then.total) return 'notYet'
  const busy = percent(last.busy - then.busy, last.total - then.total)
  return what === 'busy' ? busy : 100 - busy
}

/** Of one processor, as on Windows: a program that keeps two busy has 200. */
function processTime(now: Snapshot, before: Snapshot | undefined, instance: string): Sampled {
  if (!before || now.at <= before.at) return 'notYet'
  const seconds = (at: Snapshot) => sumOf(at, instance, (process) => process.seconds)
  const [then, last] = [seconds(before), seconds(now)]
  if (typeof then !== 'number' || typeof last !== 'number') return 'notYet'
  return percent(Math.max(0, last - then), (now.at - before.at) / 1_000)
}

/** Of all processes of that name: `w3wp#1` is one of the same name, which Linux does not number. */
function sumOf({ processes }: Snapshot, instance: string, of: (process: ProcessSnapshot) => number): Sampled {
  const wanted = instance
    .toLowerCase()
    .replace(/#\d+$/, '')
    .replace(/\.exe$/, '')
  const found =
    wanted === '_total' || wanted === '*' ? processes : processes.filter(({ name }) => name.toLowerCase() === wanted)
  return found.length > 0 ? found.reduce((sum, process) => sum + of(process), 0) : 'notYet'
}

function webNow(of: (counts: WebCounts) => number): Read {
  return ({ web }) => (typeof web === 'object' ? of(web) : withoutCounts(web))
}

/** What is sampled without counts: a role without a web server never has any. */
function withoutCounts(web: 'absent' | undefined): Sampled {
  return web === 'absent' ? 'unknown' : 'notYet'
}

function webTotal(of: (site: SiteCounts) => number): Read {
  return (now, _before, instance) => siteSum(now, instance, of)
}

function webRate(of: (site: SiteCounts) => number): Read {
  return (now, before, instance) => {
    const [then, last] = [before && siteSum(before, instance, of), siteSum(now, instance, of)]
    if (last === 'unknown') return last
    if (typeof then !== 'number' || typeof last !== 'number') return 'notYet'
    // A web server that was started anew counts from 0.
    return rate(now, before, (at) => (at === now ? last : last < then ? 0 : then))
  }
}

/** Of all sites, or of the one of that name; of an application of ASP.NET only the sum of all is known. */
function siteSum({ web }: Snapshot, instance: string, of: (site: SiteCounts) => number): Sampled {
  if (typeof web !== 'object') return withoutCounts(web)
  const wanted = instance.toLowerCase()
  const isAll = ['_total', '__total__', '*'].includes(wanted)
  const found = [...web.sites].filter(([name]) => isAll || name.toLowerCase() === wanted)
  if (!isAll && found.length === 0) return web.sites.size > 0 ? 'unknown' : 'notYet'
  return found.reduce((sum, [, counts]) => sum + of(counts), 0)
}

function rate(now: Snapshot, before: Snapshot | undefined, of: (at: Snapshot) => number): Sampled {
  return before && now.at > before.at ? Math.max(0, of(now) - of(before)) / ((now.at - before.at) / 1_000) : 'notYet'
}
