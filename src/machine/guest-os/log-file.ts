import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Size at which a log is renamed to `.old` and starts anew (G-14). */
const limitBytes = 10 * 1024 * 1024

/** Most former logs of WaHostBootstrapper that are stored: counting files counts recycles (G-7). */
const formerLogs = 200

/** Appends a line, and moves a file that has grown too large to `.old`. A full disk loses the line and stops nobody. */
export function appendLine(path: string, line: string): void {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > limitBytes) renameSync(path, `${path}.old`)
    appendFileSync(path, `${line}\n`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return
    mkdirSync(dirname(path), { recursive: true })
    appendFileSync(path, `${line}\n`)
  }
}

/** Makes way for a new log: the former one gets the next number, `WaHostBootstrapper.log` → `WaHostBootstrapper.7.log`. */
export function startNewLog(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  if (!existsSync(path)) return
  const stem = basename(path, '.log')
  const numbers = readdirSync(dirname(path))
    .map((name) => (name.startsWith(`${stem}.`) ? Number(name.slice(stem.length + 1, -'.log'.length)) : Number.NaN))
    .filter((number) => number > 0)
  const numbered = (number: number) => join(dirname(path), `${stem}.${number}.log`)
  const next = Math.max(0, ...numbers) + 1
  renameSync(path, numbered(next))
  rmSync(numbered(next - formerLogs), { force: true })
}
