import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Where programs of the system are looked for: those for administrators are in directories of their own, which root's path may lack here. */
export function searchPath(): string {
  return [process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', '/usr/sbin', '/sbin'].join(':')
}

/** Runs a program of the system with `input`, and returns its output. Rejects with one sentence when it fails. */
export async function runTool(file: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(file, args, { stdio: 'pipe', env: { ...process.env, PATH: searchPath() } })
  let [output, trouble] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (part: string) => (output += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (trouble += part))
  // A program that ends before it has read all reports why by its exit.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return output
  throw new Error(`"${[file, ...args].join(' ')}" failed: ${trouble.trim().split('\n')[0] || `exit code ${code}`}`)
}
