import { readdirSync, readFileSync, statfsSync } from 'node:fs'

/** Ticks of a processor's time in a second, as the kernel reports them to every program. */
const ticksInSecond = 100

const pageBytes = 4096

/**
 * The system's counts at this moment, as a guest sees them: processors and memory of the machine, its own network and processes. `store`: a directory
 * on the disk in question.
 */
export function systemSnapshot(store: string, now: number) {
  const stat = lines('/proc/stat')
  const memory = new Map(lines('/proc/meminfo').map((line) => line.split(/:?\s+/) as [string, string]))
  const bytes = (name: string) => Number(memory.get(name) ?? 0) * 1024
  const { bavail, blocks, bsize } = statfsSync(store)
  return {
    at: now,
    processors: Object.fromEntries(stat.filter((line) => line.startsWith('cpu')).map(processorOf)),
    memory: {
      availableBytes: bytes('MemAvailable'),
      committedBytes: bytes('Committed_AS'),
      limitBytes: bytes('CommitLimit'),
    },
    network: networkOf(lines('/proc/net/dev').slice(2)),
    disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize },
    contextSwitches: Number(stat.find((line) => line.startsWith('ctxt '))?.split(' ')[1] ?? 0),
    processes: readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => processOf(pid) ?? []),
  }
}

/** `cpu0 user nice system idle iowait …`: all but the last two of these are busy. */
function processorOf(line: string): readonly [string, { readonly busy: number; readonly total: number }] {
  const [name = '', ...words] = line.split(/\s+/)
  const times = words.slice(0, 8).map(Number)
  const total = times.reduce((sum, time) => sum + time, 0)
  const idle = (times[3] ?? 0) + (times[4] ?? 0)
  return [name === 'cpu' ? '_Total' : name.slice('cpu'.length), { busy: total - idle, total }]
}

/** Of all interfaces but the loop. */
function networkOf(interfaces: readonly string[]): { readonly receivedBytes: number; readonly sentBytes: number } {
  const counts = interfaces
    .map((line) => line.trim().split(/[:\s]+/))
    .filter(([name = '']) => name !== 'lo' && name !== '')
  const sum = (column: number) => counts.reduce((all, words) => all + Number(words[column] ?? 0), 0)
  return { receivedBytes: sum(1), sentBytes: sum(9) }
}

function processOf(pid: string) {
  const stat = text(`/proc/${pid}/stat`)
  const end = stat.lastIndexOf(')')
  if (end < 0) return undefined
  const fields = stat
    .slice(end + 2)
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, threads = 0, virtualBytes = 0, pages = 0] = [11, 12, 17, 20, 21].map((at) => fields[at])
  return {
    name: stat.slice(stat.indexOf('(') + 1, end),
    seconds: (user + system) / ticksInSecond,
    residentBytes: pages * pageBytes,
    virtualBytes,
    threads,
  }
}

function lines(path: string): readonly string[] {
  return text(path)
    .split('\n')
    .filter((line) => line !== '')
}

/** '' for a file that is missing, or has just been removed. */
function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
