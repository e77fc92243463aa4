import type { Result } from '../../kernel/fault.ts'
import type { RoleGoal } from '../../role/contract/goal-state.ts'
import type { ServerMessage } from '../../role/contract/messages.ts'
import type { FindFile } from '../../service-model/command-line/use.ts'
import type { EntryPointHost } from '../../service-model/role-plan.ts'
import type { Ended, ProgramStart, StartedProgram, StartProgram } from '../startup-tasks/runner.ts'
import type { BootstrapperLevel } from './log-line.ts'
import type { BootstrapperExit } from './protocol.ts'

/** What a bootstrapper does to the world. */
export interface BootstrapperFacilities {
  /** Runs a script of the shell; its output goes to the role's output file. */
  readonly startProgram: StartProgram
  /** Runs a program of ours, such as an agent of a plug-in of the SDK (P-3), with these arguments; its output goes where the role's goes. */
  readonly startAgent: (
    program: string,
    words: readonly string[],
    start: Omit<ProgramStart, 'script' | 'programs'>,
  ) => Result<StartedProgram>
  /** Runs the process that loads the role's entry point. */
  readonly startEntryPoint: (
    host: EntryPointHost,
    start: Omit<ProgramStart, 'script' | 'programs'>,
  ) => Result<StartedProgram>
  /** Runs the process that loads a library of .NET; refused too when this machine cannot. */
  readonly startAssembly: (
    host: EntryPointHost,
    library: string,
    start: Omit<ProgramStart, 'script' | 'programs'>,
  ) => Result<StartedProgram>
  readonly files: RoleFiles
  /** Sends it to all clients of the published protocol, now and later. */
  readonly publish: (goal: RoleGoal) => void
  readonly send: (clients: readonly string[], message: ServerMessage) => void
  readonly log: (level: BootstrapperLevel, text: string) => void
  /** A line in the channel `Windows Azure` (G-19). */
  readonly event: (id: number, text: string) => void
  /** A child has ended; it is known under the key of the action that started it. */
  readonly childEnded: (child: string, ended: Ended) => void
  readonly delay: (ms: number) => Promise<void>
  /** Kills what is left of the role, leaves the exit file and ends this process. */
  readonly end: (exit: BootstrapperExit) => Promise<never>
}

/** Files of the role, names compared ignoring case. */
export interface RoleFiles {
  /** Real path of a file or directory below the role root. */
  readonly find: (path: string) => string | undefined
  readonly finder: (cwd: string) => FindFile
  /** The newest role environment document: values are those of the moment when a program starts (role-runtime.md 5). */
  readonly roleEnvironment: () => { readonly path: string; readonly text: string }
}
