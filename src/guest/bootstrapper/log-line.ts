import type { Instant } from '../../kernel/instant.ts'

export type BootstrapperLevel = 'INFO ' | 'WARN ' | 'ERROR'

/** A line of WaHostBootstrapper.log (G-17). The thread is the process: there is one. */
export function bootstrapperLine(pid: number, now: Instant, level: BootstrapperLevel, text: string): string {
  const number = String(pid).padStart(8, '0')
  const [date = '', time = ''] = new Date(now).toISOString().split(/[TZ]/)
  return `[${number}:${number}, ${date.replaceAll('-', '/')}, ${time}, ${level}] ${text}`
}

/** Number of a task's type in the lines about it (G-17). */
export const taskTypeNumbers = { simple: 0, foreground: 1, background: 2 } as const
