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
  /** Runs a verb and takes the time from the line that says that the request was accepted, or from the beginning, to the end. */
  timed(...verb: readonly string[]): Promise<Timed>
  end(): Promise<void>
}

export interface Timed {
  readonly ms: number
  readonly exitCode: number
  /** Standard output, and what was said on the way. */
  readonly answer: string
  readonly notes: string
}

export async function startFabric(...options: readonly string[]): Promise<BenchFabric> {
  return startFabricIn(mkdtempSync(join(tmpdir(), 'reddog-bench-')), ...options)
}

/** The same in a directory that exists, or has a fabric already. */
export async function startFabricIn(data: string, ...options: readonly string[]): Promise<BenchFabric> {
  const up = spawn(reddog, ['up', '--data', data, '--port', '0', '--json', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const first = await firstLine(up)
  const { managementUrl } = JSON.parse(first) as { managementUrl: string }
  const timed = (...verb: readonly string[]) => timedRun([...verb, '--data', data])
  return {
    dataDirectory: data,
    managementUrl,
    timed,
    async run(...verb) {
      const { exitCode, answer, notes } = await timed(...verb)
      if (exitCode !== 0) throw new Error(`reddog ${verb.join(' ')} ended with ${exitCode}:\n${answer}${notes}`)
      return answer
    },
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

function timedRun(words: readonly string[]): Promise<Timed> {
  return new Promise((resolve, reject) => {
    let began = performance.now()
    let answer = ''
    let notes = ''
    const child = spawn(reddog, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (data: Buffer) => (answer += data.toString()))
    child.stderr.on('data', (data: Buffer) => {
      if (data.includes('Accepted as operation')) began = performance.now()
      notes += data.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ ms: performance.now() - began, exitCode: code ?? 1, answer, notes }))
  })
}
