import { type ExecFileException, execFile } from 'node:child_process'
import { mkdir, readdir, realpath, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Result, refused } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { defaultPackageLimits, type PackageLimits } from './limits.ts'
import type { ReadPackage } from './read.ts'
import { readerEntry } from './reader-entry.ts'
import { watchProgress } from './watch-progress.ts'

/** Longest line that the reading process may print: models of real packages have some 10 KB. */
const answerLimitBytes = 64 * 1024 * 1024

/**
 * Opens, verifies and unpacks a package in a process of its own (package-format.md 5), which may write to the quarantine only
 * and has its memory and time limited. `quarantine` must be empty or absent; it is removed when the package is refused.
 * Faults: `BadRequest` for anything wrong with the package, `InternalError` for this machine's troubles.
 */
export async function readPackage(
  file: string,
  options: {
    readonly quarantine: string
    readonly limits?: Partial<PackageLimits>
    /** Nothing is unpacked: only the model, the hash and the report about the package are needed. */
    readonly verifiesOnly?: boolean
    /** Kills the process that reads. */
    readonly signal?: AbortSignal | undefined
  },
): Promise<Result<ReadPackage>> {
  const limits = { ...defaultPackageLimits, ...options.limits }
  const quarantine = await emptyDirectory(options.quarantine)
  const result = await readInChild(
    resolve(file),
    quarantine,
    limits,
    options.verifiesOnly ? ['verify'] : [],
    options.signal,
  )
  if (!result.ok) await rm(quarantine, { recursive: true, force: true })
  return result
}

async function emptyDirectory(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if ((await readdir(path)).length > 0) throw new Error(`The quarantine ${path} is not empty.`)
  return realpath(path)
}

/** A shell sets the limit, for Node cannot: the kernel ends a process that has used up its processor time. */
const withProcessorLimit = 'ulimit -S -t "$0" && exec "$@"'

function readInChild(
  file: string,
  quarantine: string,
  limits: PackageLimits,
  mode: readonly string[],
  signal?: AbortSignal,
): Promise<Result<ReadPackage>> {
  const args = [
    '-c',
    withProcessorLimit,
    String(limits.processorSeconds),
    process.execPath,
    '--permission',
    '--allow-fs-read=*',
    `--allow-fs-write=${quarantine}`,
    '--no-warnings',
    `--max-old-space-size=${limits.memoryMiB}`,
    readerEntry(),
    file,
    quarantine,
    JSON.stringify(limits),
    ...mode,
  ]
  // PATH alone: whether the machine has a program is asked of it.
  const env = { PATH: process.env['PATH'] }
  const settings = { cwd: quarantine, env, killSignal: 'SIGKILL', maxBuffer: answerLimitBytes, signal } as const
  return new Promise((settle) => {
    const child = execFile('/bin/sh', args, settings, (error, stdout, stderr) => {
      watch.stop()
      settle(error ? failure(file, error, stderr, limits) : (JSON.parse(stdout) as Result<ReadPackage>))
    })
    const watch = watchProgress(child, limits.stallMs)
  })
}

function failure(file: string, error: ExecFileException, stderr: string, limits: PackageLimits): Result<ReadPackage> {
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return refused(
      'BadRequest',
      'The service package is refused: its service model is longer than 64 MiB. Make it smaller.',
    )
  if (error.signal === 'SIGXCPU')
    return refused(
      'BadRequest',
      `The service package is refused: reading it took more than ${limits.processorSeconds} s of processor time. Make it smaller.`,
    )
  if (error.killed)
    return refused(
      'InternalError',
      `The service package cannot be read: for ${limits.stallMs / 1000} s nothing of it came from the disk of this machine. Look after the disk, and try again.`,
    )
  if (error.signal === 'SIGABRT' && stderr.includes('heap'))
    return refused(
      'BadRequest',
      `The service package is refused: its XML parts need more than ${limits.memoryMiB} MiB of memory. Make it smaller.`,
    )
  if (/\b(?:ENOSPC|EDQUOT)\b/.test(stderr))
    return refused(
      'InternalError',
      'The service package cannot be unpacked: the disk of this machine is full. Free some space, and try again.',
    )
  return refused('InternalError', `The package ${file} cannot be read on this machine: ${lastResort(error, stderr)}`)
}

/** The system's own reason, or the error that ended the reading process: a defect of ours, whose text should be reported. */
function lastResort(error: ExecFileException, stderr: string): string {
  if (typeof error.code === 'string') return `${systemWords(error)}. Try again.`
  const line = stderr.split('\n').find((found) => /^\w*Error\b/.test(found)) ?? ''
  const [, code, text = ''] = /\b(E[A-Z0-9]{3,}): ([^,]+)/.exec(line) ?? []
  if (code) return `${systemWords(Object.assign(new Error(`${code}: ${text}`), { code }))}. Try again.`
  const how = error.signal ? `was ended by ${error.signal}` : `ended with exit code ${error.code}`
  return `the process that reads it ${how}${line && ` (${line})`}. Try again; if it stays so, report it.`
}
