import type { FoundFile } from '../command-line/use.ts'
import type { HasProgram } from '../command-line/why-not-interpreted.ts'
import { readCommand } from '../command-line.ts'
import type { RoleDefinition, Variable } from '../definition.ts'
import { noMonoText, whyNoMono } from '../dotnet/needs-mono.ts'
import { layVariables } from '../lay-variables.ts'
import type { RoleModel } from '../role-model.ts'
import {
  commandDirectory,
  entryPointHost,
  isModule,
  libraryOf,
  libraryPaths,
  planTasks,
  roleDirectoryName,
} from '../role-plan.ts'
import { fileFinder, roleRoot } from './file-finder.ts'
import type { Finding } from './finding.ts'
import { sampleEnvironment, sampleVariables } from './sample.ts'
import { type Step, stepFindings } from './step.ts'

/** What a command line may meet at its start. */
export interface Grounds {
  /** A file or directory by its path below the role root, ignoring case. */
  readonly lookUp: (path: string) => FoundFile | undefined
  readonly has: HasProgram
  readonly hasWine: boolean
}

/**
 * What will happen to the command lines of a role, its startup tasks first, by the code with which a guest starts them. A line
 * that runs several programs has a finding for each. `entryPointFile`: the text of `__entrypoint.txt`.
 */
export function commandFindings(
  role: RoleDefinition,
  model: RoleModel,
  grounds: Grounds,
  entryPointFile = '',
): readonly Finding[] {
  const tasks = planTasks(model).flatMap((planned): readonly Step[] =>
    planned.kind === 'command'
      ? [
          {
            subject: 'startupTask',
            commandLine: planned.task.commandLine,
            directory: planned.directory,
            variables: planned.task.environment,
          },
        ]
      : [],
  )
  const { entryPoint, environment: variables } = model.runtime
  const program: readonly Step[] =
    entryPoint?.kind === 'Program'
      ? [{ subject: 'entryPoint', commandLine: entryPoint.commandLine, directory: roleDirectoryName, variables }]
      : []
  return [...tasks, ...program]
    .flatMap((step) => findingsOf(role, step, grounds))
    .concat(moduleFinding(role, model, grounds), libraryFinding(role, model, grounds, entryPointFile))
}

function findingsOf(role: RoleDefinition, step: Step, grounds: Grounds): readonly Finding[] {
  const { subject, commandLine } = step
  const cannot = (reason: string): readonly Finding[] => [
    { role: role.name, subject, name: commandLine, verdict: 'cannotRun', reason },
  ]
  const directory = commandDirectory(step.directory, (path) => grounds.lookUp(path) && path)
  if (directory === undefined)
    return cannot(`The package has no directory "${step.directory}" for the command "${commandLine}".`)
  const variables = layVariables(sampleVariables(role), step.variables, sampleEnvironment(role))
  if (!variables.ok) return cannot(variables.fault.message)
  const cwd = `${roleRoot}/${directory}`
  const wine = grounds.hasWine ? { program: 'wine', root: roleRoot } : undefined
  const surroundings = { variables: { CD: cwd, ...variables.value }, find: fileFinder(cwd, grounds.lookUp), wine }
  const read = readCommand(commandLine, surroundings)
  return read.ok
    ? stepFindings(role.name, step, read.value.uses, { ...grounds, isOpen: isOpen(step.variables) })
    : cannot(read.fault.message)
}

/** Whether a text still has a variable whose value the configuration gives, so that it is known at the start alone. */
function isOpen(variables: readonly Variable[]): (text: string) => boolean {
  const names = variables.filter((variable) => 'xpath' in variable).map(({ name }) => `%${name.toLowerCase()}%`)
  return (text) => names.some((name) => text.toLowerCase().includes(name))
}

/** A module in the process that loads entry points. */
function moduleFinding(role: RoleDefinition, model: RoleModel, { lookUp }: Grounds): readonly Finding[] {
  const { entryPoint } = model.runtime
  if (entryPoint?.kind !== 'NetFx' || !isModule(entryPoint.assemblyName)) return []
  const name = entryPoint.assemblyName
  const path = `${roleDirectoryName}/${name.replaceAll('\\', '/')}`
  return [
    lookUp(path)
      ? {
          role: role.name,
          subject: 'entryPoint',
          name,
          verdict: 'asIs',
          reason: `A module of Node, in ${entryPointHost(model, role.kind)}.`,
        }
      : {
          role: role.name,
          subject: 'entryPoint',
          name,
          verdict: 'needsOverlay',
          reason: `The package has no module "${name}" in ${roleDirectoryName}.`,
          file: `${role.name}/${path}`,
        },
  ]
}

/** A library of .NET in that process. */
function libraryFinding(
  { name: role, kind }: RoleDefinition,
  model: RoleModel,
  { lookUp, has }: Grounds,
  entryPointFile: string,
): readonly Finding[] {
  const library = libraryOf(model, entryPointFile, kind)
  if (library === undefined) return []
  const found = { role, subject: 'entryPoint', name: library } as const
  const lack = whyNoMono(has)
  if (lack !== undefined) return [{ ...found, verdict: 'cannotRun', reason: noMonoText(library, role, lack) }]
  const paths = libraryPaths(library, kind)
  if (paths.some((path) => lookUp(path)))
    return [{ ...found, verdict: 'asIs', reason: `A library of .NET, in ${entryPointHost(model, kind)} by Mono.` }]
  const [path = ''] = paths
  const reason = `The package has no library "${library}" for the entry point of role ${role}.`
  return [{ ...found, verdict: 'needsOverlay', reason, file: `${role}/${path}` }]
}
