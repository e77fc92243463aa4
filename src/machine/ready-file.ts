import { renameSync, writeFileSync } from 'node:fs'

/** Reports to the starter of this process that it serves now: one line `{"ready":true,…facts}`, which appears whole or not at all. */
export function writeReadyFile(path: string, facts: Readonly<Record<string, unknown>> = {}): void {
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, `${JSON.stringify({ ready: true, ...facts })}\n`)
  renameSync(fresh, path)
}
