import { readdirSync, readFileSync } from 'node:fs'

/** Names of the platform's processes in a guest, as `ps -o comm` has them, and of what holds a guest in its namespaces; the role itself does not count. */
const platform = ['bwrap', 'WaAppAgent', 'WindowsAzureGue', 'WaHostBootstrap'] as const

export interface PlatformMemory {
  readonly name: string
  readonly processes: number
  /** Proportional share of memory of all of them. */
  readonly kb: number
}

/** What the platform's processes take in the guests of a fabric. */
export function platformMemory(dataDirectory: string): readonly PlatformMemory[] {
  return platform.map((name) => {
    const pids = readdirSync('/proc').filter(
      (pid) =>
        /^\d+$/.test(pid) &&
        read(`/proc/${pid}/comm`).trim() === name &&
        read(`/proc/${pid}/environ`).includes(dataDirectory),
    )
    return { name, processes: pids.length, kb: pids.reduce((sum, pid) => sum + pssKb(pid), 0) }
  })
}

function pssKb(pid: string): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
