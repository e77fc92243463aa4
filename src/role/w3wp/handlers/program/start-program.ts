import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, statSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { delimiter, join } from 'node:path'
import { fine, type Result, refused } from '../../../../kernel/fault.ts'
import { type WebProgram, webProgram } from '../../../../service-model/command-line/web-program.ts'
import { roleNice } from '../../../contract/role-nice.ts'
import { programFiles } from './find-program-file.ts'
import type { Guard } from './guard.ts'
import { type KeptOutput, keepOutput } from './kept-output.ts'

export type OutputStream = 'stdout' | 'stderr'

/** A program of a package that answers requests. */
export interface ProgramStart {
  /** As `web.config` has it. */
  readonly path: string
  readonly words: string
  /** Arguments behind those, which are no text of a package: nothing in them is filled in or turned. */
  readonly args?: readonly string[] | undefined
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** Its standard input; none when undefined. */
  readonly input?: number | undefined
  /** Takes its output; `pid` is its own. */
  readonly output: (piece: Buffer, stream: OutputStream, pid: number) => void
}

export interface ProgramEnd {
  readonly code: number | null
  readonly signal: string | null
}

export interface StartedProgram {
  /** Of the process, and of its group and session. */
  readonly pid: number
  readonly exited: Promise<ProgramEnd>
  /** Undefined while it runs. */
  readonly end: () => ProgramEnd | undefined
  /** Its last output. */
  readonly written: () => string
  /** Asks it to end, and kills it and all of its group when it has not within the limit, or at once when that is 0. */
  readonly stop: (limitMs: number) => Promise<void>
}

/** Starts a program in a group of its own, at the role's nice. Refused with a sentence when it cannot run here. */
export async function startProgram(start: ProgramStart, guard: Guard): Promise<Result<StartedProgram>> {
  const { path, words, directory, environment } = start
  const read = webProgram(path, words, { variables: environment, find: programFiles(directory) })
  if (!read.ok) return read
  const { file } = read.value
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    return refused('MissingDirectory', `the directory ${directory} for the program "${path}" is missing`)
  if (!file.includes('/') && !onPath(file, environment['PATH'] ?? ''))
    return refused(
      'MissingProgram',
      `"${path}" asks for ${file}, which this machine has not on its PATH: install it there, or put "${file}.sh" into the package and name that.`,
    )
  try {
    return fine(await spawned(start, read.value, guard))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return refused('NotStarted', `the system did not start "${path}": ${reasons[code ?? ''] ?? message}`)
  }
}

/** Why files of a package are not run, by the system's error codes. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it is not marked as a program (EACCES); begin a script with a line such as "#!/bin/sh"',
  ENOEXEC: 'it is no program of this system (ENOEXEC); begin a script with a line such as "#!/bin/sh"',
}

async function spawned(
  { args: more = [], directory, environment, input, output }: ProgramStart,
  { file, args }: WebProgram,
  guard: Guard,
) {
  const child = spawn(file, [...args, ...more], {
    cwd: directory,
    env: environment,
    detached: true,
    stdio: [input ?? 'ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<ProgramEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const { pid } = child
  if (pid !== undefined) guard.watch(pid)
  const kept = keepOutput()
  for (const stream of ['stdout', 'stderr'] as const)
    takeOutput(child, stream, kept, (piece) => output(piece, stream, pid ?? 0))
  await once(child, 'spawn')
  const own = child.pid as number
  lowerPriority(own)
  return running(child, own, { exited: exited.finally(() => sweep(own, guard)), kept })
}

function running(
  child: ChildProcess,
  pid: number,
  { exited, kept }: { readonly exited: Promise<ProgramEnd>; readonly kept: KeptOutput },
): StartedProgram {
  let end: ProgramEnd | undefined
  void exited.then((how) => (end = how))
  return {
    pid,
    exited,
    end: () =>
      end ??
      (child.exitCode === null && child.signalCode === null
        ? undefined
        : { code: child.exitCode, signal: child.signalCode }),
    written: kept.text,
    async stop(limitMs) {
      if (limitMs > 0) signalGroup(pid, 'SIGTERM')
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), limitMs)
      await exited
      clearTimeout(timer)
    },
  }
}

function takeOutput(
  child: ChildProcess,
  stream: OutputStream,
  kept: KeptOutput,
  output: (piece: Buffer) => void,
): void {
  child[stream]?.on('error', () => {})
  child[stream]?.on('data', (piece: Buffer) => {
    kept.add(piece)
    output(piece)
  })
}

/** Everything that a program has started ends with it. */
function sweep(pid: number, guard: Guard): void {
  signalGroup(pid, 'SIGKILL')
  guard.forget(pid)
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody of it is left.
  }
}

function lowerPriority(pid: number): void {
  try {
    if (getPriority(pid) < roleNice) setPriority(pid, roleNice)
  } catch {
    // It has ended already.
  }
}

/** Whether a directory of a PATH has a program of that name. */
export function onPath(name: string, path: string): boolean {
  return path.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** How it ended, for a sentence: `exit code 1`. */
export function endText({ code, signal }: ProgramEnd): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}
