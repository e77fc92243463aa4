import { fine, type Result, refused } from '../../kernel/fault.ts'
import { roleVariables } from '../../role/contract/variables.ts'
import { shellScript } from '../../service-model/command-line.ts'
import type { StartupTask, Variable } from '../../service-model/definition.ts'
import { readRoleEnvironment } from '../../service-model/role-environment.ts'
import { commandDirectory, librariesDirectory, libraryPaths, roleDirectoryName } from '../../service-model/role-plan.ts'
import type { Agent } from '../../service-model/sdk-plugins.ts'
import type { ProgramStart } from '../startup-tasks/runner.ts'
import type { RoleFiles } from './facilities.ts'
import type { BootstrapperStart } from './protocol.ts'
import { type MachineVariables, platformVariables, unsetVariables, withVariables } from './role-variables.ts'

/** The input for preparing a program of the role. */
export interface Preparation {
  readonly start: BootstrapperStart
  readonly machine: MachineVariables
}

/** A command line, in a directory of the role root, with its own variables. */
export function prepareCommand(
  preparation: Preparation,
  files: RoleFiles,
  { commandLine, directory, variables }: { commandLine: string; directory: string; variables: readonly Variable[] },
): Result<ProgramStart> {
  const cwd = commandDirectory(directory, files.find)
  if (cwd === undefined)
    return refused('MissingDirectory', `the package has no directory "${directory}" for the command "${commandLine}"`)
  const env = environmentOf(preparation, files, variables)
  if (!env.ok) return env
  const { runByWine } = preparation.machine
  const wine = runByWine === undefined ? undefined : { program: runByWine, root: preparation.start.settings.root }
  const script = shellScript(commandLine, { CD: cwd, ...env.value }, files.finder(cwd), wine)
  return script.ok ? fine({ ...script.value, cwd, env: env.value }) : script
}

/** An agent of ours, which needs none of the additions for programs of the role. One that outlives the role is not a process of it. */
export function prepareAgent(
  preparation: Preparation,
  files: RoleFiles,
  { agent, task, module }: { readonly agent: Agent; readonly task: StartupTask; readonly module: string },
): Result<Omit<ProgramStart, 'script' | 'programs'>> {
  const { settings, roleRoot } = preparation.start
  const env = environmentOf(preparation, files, task.environment)
  if (!env.ok) return env
  const { NODE_OPTIONS: _, [roleVariables.runtimeEndpoint]: runtime = '', ...kept } = env.value
  const own = {
    [roleVariables.agentSocket]: `${settings.run}/${agent.program}`,
    ...(agent.outlivesRole ? {} : { [roleVariables.runtimeEndpoint]: runtime }),
  }
  const directory = files.find(`plugins/${module}`)
  return fine({ cwd: agent.outlivesRole ? settings.root : (directory ?? roleRoot), env: { ...kept, ...own } })
}

/**
 * A program of the platform that is part of the role: it knows the role runtime, and ends with the role. Programs of the package that it starts get
 * the preload (I-16).
 */
export function preparePlatform(
  preparation: Preparation,
  files: RoleFiles,
): Result<Omit<ProgramStart, 'script' | 'programs'>> {
  const env = environmentOf(preparation, files, [])
  if (!env.ok) return env
  const { NODE_OPTIONS: nodeOptions = '', ...kept } = env.value
  return fine({ cwd: preparation.start.roleRoot, env: { ...kept, [roleVariables.nodeOptions]: nodeOptions } })
}

/** The process that loads a module of `approot`; without a module it loads none (I-18). */
export function prepareModule(
  preparation: Preparation,
  files: RoleFiles,
  module: string,
  variables: readonly Variable[],
): Result<Omit<ProgramStart, 'script' | 'programs'>> {
  const cwd = files.find(roleDirectoryName)
  const file = module === '' ? '' : files.find(`${roleDirectoryName}/${module}`)
  if (cwd === undefined || file === undefined)
    return refused('MissingModule', `The package has no module "${module}" in ${roleDirectoryName}`)
  const env = environmentOf(preparation, files, variables)
  return env.ok ? fine({ cwd, env: { ...env.value, [roleVariables.entryPoint]: file } }) : env
}

/**
 * The process that loads a library of .NET: `library` is its file, or the directory to search for one with a RoleEntryPoint. It is named relative to
 * `approot`, and in a web role to `approot/bin` too.
 */
export function prepareAssembly(
  preparation: Preparation,
  files: RoleFiles,
  { assembly }: { readonly assembly: string },
  variables: readonly Variable[],
): Result<Omit<ProgramStart, 'script' | 'programs'> & { readonly library: string }> {
  const cwd = files.find(roleDirectoryName)
  const { roleKind } = preparation.start
  const paths = assembly === '' ? [librariesDirectory(roleKind)] : libraryPaths(assembly, roleKind)
  const library = paths.map(files.find).find((path) => path !== undefined)
  if (cwd === undefined || library === undefined)
    return refused('MissingModule', `The package has no library "${assembly}" in ${roleDirectoryName}`)
  const env = environmentOf(preparation, files, variables)
  return env.ok ? fine({ cwd, env: env.value, library }) : env
}

/** The variables that will not be set, a clause each. */
export function unsetIn(files: RoleFiles, variables: readonly Variable[]): readonly string[] {
  return unsetVariables(variables, readRoleEnvironment(files.roleEnvironment().text))
}

function environmentOf({ start, machine }: Preparation, files: RoleFiles, variables: readonly Variable[]) {
  const { path, text } = files.roleEnvironment()
  const environment = readRoleEnvironment(text)
  return withVariables(platformVariables(start, { path, environment }, machine), variables, environment)
}
