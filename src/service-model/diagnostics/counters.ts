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
] as const
export type KnownCounter = (typeof knownCounters)[number]

/** A counter of one thing, such as of the processor `_Total`. */
export interface Counter {
  readonly key: KnownCounter
  readonly instance: string
}

/** What a specifier such as `\Processor(_Total)\% Processor Time` asks for; undefined: nothing here stands for it. */
export function counterOf(specifier: string): Counter | undefined {
  const [, object = '', instance = '_Total', name = ''] =
    /^\\?\\?([^\\(]+)(?:\(([^)]*)\))?\\([^\\]+)$/.exec(specifier.trim()) ?? []
  const asked = `${object.trim().toLowerCase()}\\${name.trim().toLowerCase()}`
  const key = knownCounters.find((known) => known === asked)
  return key && { key, instance }
}
