/** Counters of Windows in common use that Linux can answer (P-19): object and name, in lower case. */
export const knownCounters = [
  'processor\\% processor time',
  'processor\\% idle time',
  'memory\\available mbytes',
  'memory\\available kbytes',
  'memory\\available bytes',
  'memory\\committed bytes',
  'memory\\% committed bytes in use',
  'process\\% processor time',
  'process\\working set',
  'process\\private bytes',
  'process\\virtual bytes',
  'process\\thread count',
  'network interface\\bytes total/sec',
  'network interface\\bytes received/sec',
  'network interface\\bytes sent/sec',
  'logicaldisk\\free megabytes',
  'logicaldisk\\% free space',
  'system\\context switches/sec',
  'system\\processes',
  'web service\\bytes total/sec',
  'web service\\bytes sent/sec',
  'web service\\bytes received/sec',
  'web service\\get requests/sec',
  'web service\\post requests/sec',
  'web service\\total method requests/sec',
  'web service\\total method requests',
  'web service\\not found errors/sec',
  'web service\\current connections',
  'http service request queues\\currentqueuesize',
  'http service request queues\\rejectedrequests',
  'asp.net\\requests queued',
  'asp.net\\requests rejected',
  'asp.net applications\\requests/sec',
  'asp.net applications\\requests total',
  'asp.net applications\\errors total/sec',
  'asp.net applications\\errors total',
] as const
export type KnownCounter = (typeof knownCounters)[number]

/** A counter of one thing, such as of the processor `_Total`. */
export interface Counter {
  readonly key: KnownCounter
  readonly instance: string
}

/**
 * What a specifier such as `\Processor(_Total)\% Processor Time` asks for, for every version of ASP.NET; undefined: there is no counter for it here.
 */
export function counterOf(specifier: string): Counter | undefined {
  const [, object = '', instance = '_Total', name = ''] =
    /^\\?\\?([^\\(]+)(?:\(([^)]*)\))?\\([^\\]+)$/.exec(specifier.trim()) ?? []
  const plain = object
    .trim()
    .toLowerCase()
    .replace(/^asp\.net apps\b/, 'asp.net applications')
    .replace(/ v[\d.]+$/, '')
  const asked = `${plain}\\${name.trim().toLowerCase()}`
  const key = knownCounters.find((known) => known === asked)
  return key && { key, instance }
}
