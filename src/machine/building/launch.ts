import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { startedInside } from '../fabric-namespace/enter.ts'
import type { HeldProgram } from '../ports/held-program.ts'
import {
  adoptProcess,
  exitText,
  isAlive,
  type ProcessStart,
  type RunningProcess,
  signalProcess,
  startProcess,
} from '../process.ts'
import { settleOwner } from './account-files.ts'
import type { Places } from './data-directory.ts'
import { type Member, optionsFile, outputFile, programFile, readyFile } from './member.ts'
import { recordedProcess, recordedProcesses, recordFile, recordStarted, saveProcessRecord } from './process-record.ts'
import { startedAs } from './started-as.ts'
import { writeWhole } from './write-whole.ts'

export interface Launch {
  readonly process: RunningProcess
  readonly adopted: boolean
  /** Bytes of its output that earlier runs wrote. */
  readonly outputStart: number
}

/** Longest time that a member takes until it serves; Azurite, the slowest, takes two seconds on two cores. */
const readyLimitMs = 60_000
const readyPollMs = 20

/**
 * Adopts the member's process of an earlier `up`, replaces it when it does not run what is wanted now, or starts it. `place` is its place in the
 * building, from the ground.
 */
export async function launch(member: Member, place: number, places: Places): Promise<Launch> {
  const digest = digestOf(member)
  const earlier = recordedProcess(places, member.name)
  const running = earlier && adoptProcess(earlier.record.identity)
  if (running && earlier.record.digest === digest) {
    renew(member, running, place, places)
    return { process: running, adopted: true, outputStart: outputSize(places, member) }
  }
  if (running) {
    // Never its own stop signal: a Host Agent that is replaced leaves its guests running.
    signalProcess(running.identity, 'SIGTERM')
    await running.exited
  }
  if (member.runs) await clearTheWay(member.runs, places)
  const started = start(member, place, places)
  const { name, title, stopSignal } = member
  const { identity } = started.process
  await recordStarted(started.process, () =>
    saveProcessRecord(places, name, { identity, digest, title, stopSignal, place }),
  )
  return started
}

/** Lets a newer program of a member take over, when the running one is not the wanted one. */
function renew({ runs }: Member, running: RunningProcess, place: number, places: Places): void {
  if (!runs || recordedProcess(places, runs.name)?.record.digest === digestOf(runs)) return
  prepareProgram(runs, place, places)
  signalProcess(running.identity, 'SIGHUP')
}

/** A program whose member was killed closes its ports by itself, as its ready file shows, and ends when all is answered. */
async function clearTheWay(runs: Member, places: Places): Promise<void> {
  const orphan = recordedProcess(places, runs.name)?.record.identity
  if (!orphan) return
  signalProcess(orphan, 'SIGTERM')
  while (existsSync(readyFile(places, runs.name)) && isAlive(orphan)) await delay(readyPollMs)
}

/** Ends all runs of a program that their member no longer knows, since it was killed: they serve on by themselves. Resolves when they have ended. */
export async function endProgram({ title, stopSignal }: Member, places: Places): Promise<void> {
  const orphans = recordedProcesses(places).filter(({ record }) => record.title === title)
  for (const { record } of orphans) signalProcess(record.identity, stopSignal)
  while (orphans.some(({ record }) => isAlive(record.identity))) await delay(readyPollMs)
}

/** Longest time that a member is waited for which waits for another machine. */
const othersLimitMs = 10_000

/** Resolves when the member serves; false: it waits for another machine, and may for long. Rejects with one sentence when it ends before, with its last output, or does not serve in time. */
export async function serving(member: Member, places: Places, { process, outputStart }: Launch): Promise<boolean> {
  const ended = process.exited.then((exit) => {
    const words = lastWords(places, member, outputStart)
    throw new Error(`${member.name} did not start: ${words || `it ended with ${exitText(exit)} and said nothing`}`)
  })
  ended.catch(() => {})
  const deadline = performance.now() + (member.waitsForOthers ? othersLimitMs : readyLimitMs)
  while (!(await Promise.race([member.ready(), ended]))) {
    const isLate = performance.now() > deadline
    if (isLate && member.waitsForOthers) return false
    if (isLate)
      throw new Error(
        `${member.name} runs but does not serve after ${readyLimitMs / 1000} s. Its output: ${outputFile(places, member.name)}`,
      )
    await Promise.race([delay(readyPollMs), ended])
  }
  return true
}

function start(member: Member, place: number, places: Places): Launch {
  if (member.runs) prepareProgram(member.runs, place, places)
  const outputStart = outputSize(places, member)
  const prepared = prepare(member, places)
  const asked = member.inside ? startedInside(prepared, places.run) : prepared
  return { process: startProcess(asked), adopted: false, outputStart }
}

function prepareProgram(runs: Member, place: number, places: Places): void {
  const { name, title, stopSignal, inside } = runs
  const program: HeldProgram = {
    start: prepare(runs, places),
    inside,
    recordFile: recordFile(places, name),
    // Below its member, which would start it again if it were stopped first.
    record: { digest: digestOf(runs), title, stopSignal, place: place - 0.5 },
  }
  writeWhole(programFile(places, name), JSON.stringify(program))
}

/** Writes its options, takes its ready file away, and gives it what is its own. */
function prepare(member: Member, places: Places): ProcessStart {
  const options = optionsFile(places, member.name)
  if (member.options) writeWhole(options, `${JSON.stringify(member.options, null, 2)}\n`)
  rmSync(readyFile(places, member.name), { force: true })
  settleOwner(member, places)
  const start = processOf(member, places, options)
  return member.account ? startedAs(member.account, start, member.native) : start
}

function processOf(member: Member, places: Places, options: string): ProcessStart {
  const common = { title: member.title, cwd: places.data, output: outputFile(places, member.name) }
  // Such as etcd, which reads options from variables too.
  if (member.native)
    return {
      ...common,
      file: member.program,
      args: member.args ?? [],
      env: { PATH: process.env['PATH'] ?? '', ...member.env },
    }
  return {
    ...common,
    file: process.execPath,
    args: [...(member.nodeFlags ?? []), member.program, ...(member.options ? [options] : (member.args ?? []))],
    env: { ...ownEnvironment(), ...member.env },
  }
}

/** What members inherit: NODE_EXTRA_CA_CERTS costs 65 ms a start (design.md 4), and other NODE_ variables are the user's own affair. */
function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('NODE_'),
    ),
  )
}

function digestOf(member: Member): string {
  const hash = createHash('sha256').update(readFileSync(member.program))
  const { program, args, options, env, nodeFlags, account, runs } = member
  // A holder ends with its program when that changes its account: files are given away when nobody writes them.
  const accounts = [account, runs?.account].filter((one) => one !== undefined)
  return hash.update(JSON.stringify([program, args, options, env, nodeFlags, ...accounts])).digest('hex')
}

/** The last line that this run of the member wrote: in it a member says why it ends. */
function lastWords(places: Places, member: Member, outputStart: number): string {
  const written = readFileSync(outputFile(places, member.name)).subarray(outputStart).toString().trim()
  // Of a program that Node ended, the error stands above the stack.
  const thrown = /^Node\.js v[\d.]+$/m.test(written) ? /^\w*Error\b.*?: (.*)$/m.exec(written)?.[1] : undefined
  return thrown ?? written.split('\n').at(-1) ?? ''
}

function outputSize(places: Places, member: Member): number {
  const file = outputFile(places, member.name)
  return existsSync(file) ? statSync(file).size : 0
}
