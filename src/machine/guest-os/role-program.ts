import { join } from 'node:path'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { roleNice } from '../../role/contract/role-nice.ts'
import type { EntryPointHost } from '../../service-model/role-plan.ts'
import { briefCrash, smallMono } from '../dotnet/mono.ts'
import { type ProcessExit, type ProcessStart, signalProcess, startProcess } from '../process.ts'
import { smallHeap } from './small-heap.ts'
import { killedForMemory, whyEnded } from './why-ended.ts'
import { whyNotStarted } from './why-not-started.ts'

/** A program of the role that runs, with all that it started in its process group. */
export interface RoleProgram {
  readonly pid: number
  /** `cause`: the system's part in its end, as a clause. */
  readonly ended: Promise<ProcessExit & { readonly cause?: string | undefined }>
  /** SIGTERM: it may still finish its work. */
  readonly terminate: () => void
  /** SIGKILL; resolves when it has ended. */
  readonly stop: () => Promise<void>
}

interface Surroundings {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** File for standard output and error. */
  readonly output: string
}

/** Runs a script of the shell, which asks for these programs; refused with the cause when the system does not start it. */
export function startScript(
  { script, programs }: { readonly script: string; readonly programs: readonly string[] },
  surroundings: Surroundings,
): Result<RoleProgram> {
  return start({ file: '/bin/sh', args: ['-c', script], title: 'sh', nice: roleNice, ...surroundings }, programs)
}

/** Runs an agent of a plug-in: a file of Node with its arguments. It is small, and as important as the platform's own. Refused like a script. */
export function startAgent(words: readonly string[], title: string, surroundings: Surroundings): Result<RoleProgram> {
  const args = [...smallHeap, ...words]
  return start({ file: process.execPath, args, title, ...surroundings }, [])
}

/** Runs the host process of a module's entry point, which takes the place of a role when it loads that. Refused like a script. */
export function startEntryPoint(
  programs: string,
  host: EntryPointHost,
  surroundings: Surroundings,
): Result<RoleProgram> {
  const args = [join(programs, `${host}.mjs`)]
  return start({ file: process.execPath, args, title: host, ...surroundings }, [])
}

/**
 * Runs the host process of a .NET library with Mono: `program` is the host, which finds the library or searches that directory for one. Refused like
 * a script.
 */
export function startAssembly(
  program: string,
  host: EntryPointHost,
  library: string,
  surroundings: Surroundings,
): Result<RoleProgram> {
  const args = [...smallMono, program, host, library]
  const env = { ...briefCrash, ...surroundings.env }
  return start({ file: 'mono', args, title: host, ...surroundings, env }, ['mono'])
}

function start(what: ProcessStart, programs: readonly string[]): Result<RoleProgram> {
  const run = { programs, cwd: what.cwd, path: what.env['PATH'] ?? '', killedBefore: killedForMemory() }
  try {
    const { identity, exited } = startProcess(what)
    return fine({
      pid: identity.pid,
      ended: exited.then((exit) => ({ ...exit, cause: whyEnded(exit, run) })),
      terminate: () => signalProcess(identity, 'SIGTERM', true),
      async stop() {
        signalProcess(identity, 'SIGKILL', true)
        await exited
      },
    })
  } catch (error) {
    return refused('NotStarted', whyNotStarted(error as NodeJS.ErrnoException, what))
  }
}
