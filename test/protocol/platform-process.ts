import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { bundleOf } from '../bundle.ts'
import { until } from '../until.ts'

export interface Ends {
  after(end: () => unknown): void
}

/** Runs a process of the platform from source, `src/<entry>`, with its options file, until it serves; ends it with the test. */
export async function runPlatformProcess(t: Ends, entry: string, options: { readonly readyFile: string }) {
  const optionsFile = `${options.readyFile}.options`
  writeFileSync(optionsFile, JSON.stringify(options), { mode: 0o600 })
  const child = spawn(process.execPath, [bundleOf(entry), optionsFile], { stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = once(child, 'exit')
  t.after(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await until(() => existsSync(options.readyFile) || child.exitCode !== null, `${entry} serves`)
  if (child.exitCode !== null) throw new Error(`${entry} ended with exit code ${child.exitCode}`)
  const { port } = JSON.parse(readFileSync(options.readyFile, 'utf8')) as { port: number }
  return { port, pid: child.pid as number, ended }
}
