import { readFile } from 'node:fs/promises'
import type { GuestPlace, GuestUsage } from './driver.ts'
import { processesOf } from './guest-processes.ts'

export async function usageOf(guest: GuestPlace): Promise<GuestUsage> {
  const numbers = processesOf(guest)
  const shares = await Promise.all(numbers.map(memoryOf))
  return { processes: numbers.length, memoryBytes: shares.reduce((sum, share) => sum + share, 0) }
}

async function memoryOf(pid: number): Promise<number> {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}
