import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fine, type Result, refused } from '../../kernel/fault.ts'
import { own } from '../../kernel/own.ts'
import { writeNamedStreams } from '../../service-model/cspkg/named-streams.ts'
import { Refusal } from '../../service-model/cspkg/refusal.ts'
import type { ServiceDefinition } from '../../service-model/definition.ts'
import { expandPlugins } from '../../service-model/expand-plugins.ts'
import { readDefinition } from '../../service-model/read-definition.ts'
import type { Reading } from '../../service-model/reading.ts'
import { filesATurn } from '../small-file.ts'
import { byPath } from './files-below.ts'
import { type CollectedService, layoutService } from './layout-service.ts'
import { measure } from './measure.ts'
import type { PackedRole } from './pack-content.ts'
import type { PackOptions } from './pack-options.ts'
import { type Plugins, readPlugins } from './read-plugins.ts'
import { roleFiles } from './role-files.ts'
import { type RoleSources, roleSources } from './role-sources.ts'
import { readSourceText } from './source-text.ts'
import { toolVersion } from './tool-version.ts'
import { writePackage } from './write-package.ts'

export interface Packed {
  /** In all role roots together. */
  readonly files: number
  /** Of the package file; with `copyOnly` of all files together. */
  readonly bytes: number
  readonly warnings: readonly string[]
}

/**
 * Writes a service package from a definition and sources (package-format.md 6). Never encrypts and adds no vendor files.
 * `out` appears whole or not at all. Faults have the code `BadRequest` and name every fault of the definition at once.
 */
export async function pack(options: PackOptions): Promise<Result<Packed>> {
  try {
    return fine(await packService(options, Date.now()))
  } catch (error) {
    if (error instanceof Refusal) return refused('BadRequest', error.message)
    throw error
  }
}

async function packService(options: PackOptions, startedMs: number): Promise<Packed> {
  const service = await (isDirectory(options.definition) ? layoutOf : sourcesService)(options, startedMs)
  const roles: PackedRole[] = []
  for (const { role, files } of service.roles) {
    const measured = []
    for (const [index, file] of files.entries()) {
      measured.push(await measure(file))
      if (index % filesATurn === 0) await nextTurn()
    }
    roles.push({ role, files: measured.toSorted(byPath) })
  }
  const { base, definition, streams, warnings } = service
  const bytes = await writePackage(options, { base, definition, roles, streams }, startedMs)
  return { files: roles.reduce((sum, { files }) => sum + files.length, 0), bytes, warnings }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** It contains everything that the other options could set for a role. */
async function layoutOf({ definition, ...options }: PackOptions, startedMs: number): Promise<CollectedService> {
  const { roles, sites, assemblies, properties, plugins, copyOnly } = options
  const said = [roles, sites, assemblies ?? {}, properties ?? {}].some((given) => Object.keys(given).length > 0)
  if (said || plugins !== undefined || copyOnly)
    throw new Refusal(
      `${definition} is a layout directory, whose roles are packed as they stand. Leave out what names roles, sites, assemblies, properties and plug-ins, and --copy-only.`,
    )
  return layoutService(resolve(definition), startedMs)
}

async function sourcesService(options: PackOptions, startedMs: number): Promise<CollectedService> {
  const plugins = await readPlugins(options.plugins, startedMs)
  const { written, expanded, warnings } = await readService(options, plugins)
  const sources = await roleSources(written.roles, options)
  warnings.push(...withoutEntryPoint(written, options))
  const roles: CollectedService['roles'][number][] = []
  for (const role of expanded.roles) {
    const { files, warnings: found } = await roleFiles({
      role,
      sources: sources.get(role.name) as RoleSources,
      plugins,
      assembly: own(options.assemblies, role.name),
      propertiesFile: own(options.properties, role.name),
      emulated: options.copyOnly ?? false,
      nowMs: startedMs,
    })
    warnings.push(...found)
    roles.push({ role, files })
  }
  const streams = Object.fromEntries(
    written.roles.flatMap((role) => Object.entries(writeNamedStreams(role, toolVersion))),
  )
  return { base: basename(options.definition).replace(/\.csdef$/i, ''), definition: expanded, roles, streams, warnings }
}

/** A web role can live on its sites alone; a worker role cannot. */
function withoutEntryPoint({ roles }: ServiceDefinition, { assemblies }: PackOptions): readonly string[] {
  const idle = roles.filter(
    ({ kind, name, runtime }) => kind === 'WorkerRole' && !runtime.entryPoint && own(assemblies, name) === undefined,
  )
  return idle.map(
    ({ name }) =>
      `The worker role "${name}" has no EntryPoint, so its instances will have nothing to run. Name its library in the definition, or with --assembly ${name}=LIBRARY.dll.`,
  )
}

async function readService(
  { definition: file }: PackOptions,
  { modules }: Plugins,
): Promise<{ written: ServiceDefinition; expanded: ServiceDefinition; warnings: string[] }> {
  const text = await readSourceText(file, 'Name a service definition (.csdef).')
  const written = readDefinition(text, { file: basename(file) })
  const expanded = expandPlugins(valueOf(file, written), modules)
  return {
    written: valueOf(file, written),
    expanded: valueOf(file, expanded),
    warnings: [...written.warnings, ...expanded.warnings],
  }
}

function valueOf(file: string, { value, errors }: Reading<ServiceDefinition>): ServiceDefinition {
  if (!value) throw new Refusal(`The service definition ${file} is not valid.\n${errors.join('\n')}`)
  return value
}
