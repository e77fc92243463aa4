import { recordedProcesses } from '../building/process-record.ts'
import type { ProcessIdentity, ProcessStart } from '../process.ts'

/** Title of the process that the namespaces are made for: it sleeps. */
export const keeperTitle = 'FabricNamespace'

/** The programs that live in them; each one holds them, so they are lost only when the last of these ends. */
const inhabitants: ReadonlySet<string> = new Set([keeperTitle, 'HostAgent', 'LoadBalancer'])

/** A process in the namespaces that the fabric of this `run` directory has; undefined when it has none. */
export function inhabitant(run: string): ProcessIdentity | undefined {
  const found = recordedProcesses({ run }).filter(({ record }) => inhabitants.has(record.title))
  return found.find(({ record }) => record.title === keeperTitle)?.record.identity ?? found[0]?.record.identity
}

/** The command prefix that runs a command there, with the rights of root over their network and over nothing else. */
export function enterWords(run: string): readonly string[] {
  const there = inhabitant(run)
  if (!there) throw new Error('The namespaces of the fabric are gone. Stop "reddog up" and start it again.')
  return ['nsenter', '-t', String(there.pid), '-U', '-n', '--preserve-credentials', '--']
}

/** The same process, started there; its program is Node. */
export function startedInside(start: ProcessStart, run: string): ProcessStart {
  const [file = '', ...words] = enterWords(run)
  // The prefix makes the program's path the first word of its command line.
  return { ...start, file, args: [...words, start.file, `--title=${start.title}`, ...start.args] }
}
