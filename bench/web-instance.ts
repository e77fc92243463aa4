/** What the benches of web roles ask of their one instance. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `address:port` of the instance's first binding; `data` is the fabric's directory. */
export function bindingBelow(data: string): string {
  const [config = ''] = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('applicationHost.config'),
  )
  return /bindingInformation="([^"]+):"/.exec(readFileSync(join(data, config), 'utf8'))?.[1] ?? ''
}

/** Requests a second of `wrk`, one thread, 32 connections. Throws when one of them is not answered with success. */
export function rate(url: string, seconds: number): number {
  const printed = execFileSync('wrk', ['-t1', '-c32', `-d${seconds}s`, url], { encoding: 'utf8' })
  if (/Non-2xx/.test(printed)) throw new Error(`${url}: ${printed}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(printed)?.[1])
}

/** Processes of that fabric by name, with their proportional memory. */
export function processesOf(names: readonly string[], data: string) {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .flatMap((pid) => {
      const name = textOf(`/proc/${pid}/comm`).trim()
      if (!names.includes(name) || !textOf(`/proc/${pid}/environ`).includes(data)) return []
      return [{ pid, name, mb: Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1]) / 1024 }]
    })
}

/** Their memory in words: the sum, then each. Throws when one of them does not run. */
export function memoryText(names: readonly string[], data: string): string {
  const all = processesOf(names, data)
  const missing = names.filter((wanted) => !all.some(({ name }) => name === wanted))
  if (missing.length > 0) throw new Error(`${missing.join(', ')} does not run: there is nothing to measure.`)
  const sum = all.reduce((total, { mb }) => total + mb, 0)
  return `${sum.toFixed(0)} MB (${all.map(({ name, mb }) => `${name} ${mb.toFixed(0)}`).join(', ')})`
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
