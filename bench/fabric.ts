/** A fabric of its own for a benchmark: the real `reddog up` on a directory that goes away afterwards. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const reddog = join(import.meta.dirname, '..', 'bin', 'reddog')

export interface BenchFabric {
  readonly dataDirectory: string
  readonly managementUrl: string
  /** Runs a verb against this fabric; rejects with what it printed when it fails. */
  run(...verb: readonly string[]): Promise<string>
  /** Milliseconds from the line of a verb's output that has these words to its end. */
  timed(words: string, ...verb: readonly string[]): Promise<number>
  end(): Promise<void>
}

export async function startFabric(...options: readonly string[]): Promise<BenchFabric> {
  const data = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
  const up = spawn(reddog, ['up', '--data', data, '--port', '0', '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const first = await firstLine(up)
  const { managementUrl } = JSON.parse(first) as { managementUrl: string }
  return {
    dataDirectory: data,
    managementUrl,
    run: (...verb) => output(reddog, [...verb, '--data', data]),
    timed: (words, ...verb) => fromLineToEnd(words, [...verb, '--data', data]),
    async end() {
      const ended = new Promise((resolve) => up.once('exit', resolve))
      up.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', resolve)
    child.once('exit', (code) => reject(new Error(`reddog up ended with ${code} before it was ready`)))
  })
}

/** What a program prints; rejects with it when the program fails. */
export function output(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', (data) => (text += data))
    child.stderr.on('data', (data) => (text += data))
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${file} ${args.join(' ')} ended with ${code}:\n${text}`)),
    )
  })
}

function fromLineToEnd(words: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(reddog, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said: number | undefined
    let text = ''
    const listen = (data: Buffer) => {
      text += String(data)
      if (text.includes(words)) said ??= performance.now()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', (code) => {
      if (code === 0 && said !== undefined) resolve(performance.now() - said)
      else reject(new Error(`reddog ${args.join(' ')} ended with ${code}:\n${text}`))
    })
  })
}
