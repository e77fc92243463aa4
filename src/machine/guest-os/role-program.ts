import { join } from 'node:path'
import { type ProcessExit, type RunningProcess, signalProcess, startProcess } from '../process.ts'

/** Roles and tasks run below the agents (design.md 9.5, H-6). */
const roleNice = 5

/** A program of the role that runs, with all that it started in its process group. */
export interface RoleProgram {
  readonly pid: number
  readonly ended: Promise<ProcessExit>
  /** SIGTERM: it may still do what it has to. */
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

/** Runs a script of the shell. Throws when there is no shell. */
export function startScript(script: string, { cwd, env, output }: Surroundings): RoleProgram {
  return programOf(
    startProcess({ file: '/bin/sh', args: ['-c', script], title: 'sh', cwd, env, output, nice: roleNice }),
  )
}

/** Runs the host process of a module's entry point. */
export function startWorkerHost(programs: string, { cwd, env, output }: Surroundings): RoleProgram {
  const args = [join(programs, 'WaWorkerHost.mjs')]
  const title = 'WaWorkerHost'
  return programOf(startProcess({ file: process.execPath, args, title, cwd, env, output, nice: roleNice }))
}

function programOf({ identity, exited }: RunningProcess): RoleProgram {
  return {
    pid: identity.pid,
    ended: exited,
    terminate: () => signalProcess(identity, 'SIGTERM', true),
    async stop() {
      signalProcess(identity, 'SIGKILL', true)
      await exited
    },
  }
}
