import type { GuestSize } from '../driver.ts'

/** One file of a control group and what is written to it. */
export interface Limit {
  readonly controller: 'memory' | 'pids' | 'cpu'
  readonly file: string
  readonly value: string
}

/** Processes and threads for each core: a program of Node has a dozen threads. Origin: choice. */
const tasksPerCore = 1_024

/** Microseconds over which time of the processor is dealt out: the kernel's own. */
const periodUs = 100_000

/** The weight of a group when processor time is short: its file, the weight of a process outside of any group, and the kernel's maximum. */
export const weights = {
  1: { file: 'cpu.shares', ofProcess: 1_024, most: 262_144 },
  2: { file: 'cpu.weight', ofProcess: 100, most: 10_000 },
} as const

/** The limits of a guest, in the form of either version of the kernel's control groups. */
export function limitsOf({ cores, memoryMB }: GuestSize, version: 1 | 2): readonly Limit[] {
  const [bytes, tasks, quotaUs] = [memoryMB * 1024 * 1024, Math.ceil(cores * tasksPerCore), Math.ceil(cores * periodUs)]
  const { file, ofProcess } = weights[version]
  const weight: Limit = { controller: 'cpu', file, value: String(Math.ceil(cores * ofProcess)) }
  const pids: Limit = { controller: 'pids', file: 'pids.max', value: String(tasks) }
  return version === 2
    ? [
        { controller: 'memory', file: 'memory.max', value: String(bytes) },
        pids,
        { controller: 'cpu', file: 'cpu.max', value: `${quotaUs} ${periodUs}` },
        weight,
      ]
    : [
        { controller: 'memory', file: 'memory.limit_in_bytes', value: String(bytes) },
        pids,
        { controller: 'cpu', file: 'cpu.cfs_quota_us', value: String(quotaUs) },
        weight,
      ]
}
