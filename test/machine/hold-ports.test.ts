/** A program whose ports are held is never run twice where it must not be, also when nothing can be noted of its processes. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import type { ProcessRecord } from '../../src/machine/building/process-record.ts'
import type { HeldProgram } from '../../src/machine/ports/held-program.ts'
import { type Holding, holdPorts } from '../../src/machine/ports/hold-ports.ts'
import { identityOf } from '../../src/machine/process.ts'
import { until } from '../until.ts'

let directory: string
let holding: Holding | undefined
let warned: string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'held-'))
  warned = []
})
afterEach(async () => {
  await holding?.stop()
  rmSync(directory, { recursive: true })
})

/** Holds a program of which nothing can be noted until the directory `run` is there. It writes its number into `started`. */
function hold(oneAtATime: boolean): void {
  const script = `require('fs').appendFileSync('started', process.pid + ' '); process.on('message', () => {}); process.on('disconnect', process.exit)`
  const program: HeldProgram = {
    start: {
      file: process.execPath,
      args: ['--eval', script],
      title: 'held',
      cwd: directory,
      env: {},
      output: join(directory, 'output'),
    },
    recordFile: join(directory, 'run/Held.member.json'),
    record: { digest: '', title: 'held', stopSignal: 'SIGTERM', place: 0 },
  }
  const programFile = join(directory, 'program.json')
  writeFileSync(programFile, JSON.stringify(program))
  const quiet = () => {}
  const log = { info: quiet, warn: (line: string) => void warned.push(line), error: quiet }
  holding = holdPorts({ programFile, oneAtATime, timers: { recycleDelays: [0, 50], crashResetAfter: 60_000 }, log })
}

function started(): readonly number[] {
  const file = join(directory, 'started')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : []
}

function noted(): number | undefined {
  const file = join(directory, 'run/Held.member.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord).identity.pid : undefined
}

const unnoted = () => warned.filter((line) => /ENOENT/.test(line)).length

it('one that runs alone is ended when it cannot be noted, and the only one that runs in the end is noted', async () => {
  hold(true)
  await until(() => unnoted() >= 3, 'several could not be noted')
  mkdirSync(join(directory, 'run'))
  await until(() => noted() !== undefined && started().includes(noted() as number), 'one is noted')
  const running = () => started().filter((pid) => identityOf(pid))
  assert.deepEqual(running(), [noted()])
})

it('another serves on, and is noted when that can be', async () => {
  hold(false)
  await until(() => unnoted() >= 2 && started().length > 0, 'it could not be noted, twice')
  mkdirSync(join(directory, 'run'))
  await until(() => noted() !== undefined, 'it is noted')
  assert.deepEqual(started(), [noted()])
})
