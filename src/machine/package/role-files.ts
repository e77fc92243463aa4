import { posix } from 'node:path'
import { oneTree } from '../../service-model/cspkg/file-tree.ts'
import { entryPath, pathKey } from '../../service-model/cspkg/part-path.ts'
import { Refusal } from '../../service-model/cspkg/refusal.ts'
import { runtimeSetupFile, writeRuntimeSetup } from '../../service-model/cspkg/runtime-setup.ts'
import type { RoleDefinition } from '../../service-model/definition.ts'
import { pluginSettingsOf } from '../../service-model/expand-plugins.ts'
import { roleModelOf } from '../../service-model/role-model-of.ts'
import { writeRoleModel } from '../../service-model/write-role-model.ts'
import { byPath, filesBelow } from './files-below.ts'
import type { PackFile } from './pack-content.ts'
import type { Plugins } from './read-plugins.ts'
import type { RoleSources } from './role-sources.ts'
import { readSourceText } from './source-text.ts'
import { toolVersion } from './tool-version.ts'

interface Request {
  /** Plug-ins expanded. */
  readonly role: RoleDefinition
  readonly sources: RoleSources
  readonly plugins: Plugins
  /** The .NET assembly of its entry point, of a role whose definition names no entry point. */
  readonly assembly: string | undefined
  readonly propertiesFile: string | undefined
  /** For the emulator's layout: no IISConfigurator. */
  readonly emulated: boolean
  readonly nowMs: number
}

/** All files of one role root (package-format.md 6.2 and 6.3), sorted by path. Throws Refusal when two of them would be one on the role's machine. */
export async function roleFiles(
  request: Request,
): Promise<{ readonly files: readonly PackFile[]; readonly warnings: readonly string[] }> {
  const { role, sources, plugins } = request
  const copies = [
    { from: sources.roleDirectory, to: 'approot' },
    ...sources.contents.map(({ from, to }) => ({ from, to: `approot/${to}` })),
    ...sources.sites,
  ]
  const warnings: string[] = []
  const sites = new Set(sources.sites.map(({ to }) => to))
  const files = new Map<string, PackFile>()
  for (const { from, to } of copies) {
    const found = await filesBelow(from)
    warnings.push(...found.warnings)
    if (found.files.length === 0 && sites.has(to))
      warnings.push(`${from} is empty, so that the package has no ${to}. Put a file into it.`)
    refuseEqualNames(from, found.files)
    for (const { path, file, modifiedMs, isProgram } of found.files) {
      const target = packPath(posix.normalize(`${to}/${path}`), file)
      if (files.has(pathKey(target))) warnings.push(`${file} took the place of another file at ${target}.`)
      files.set(pathKey(target), { path: target, source: file, modifiedMs, isProgram })
    }
  }
  const added = [
    ...role.imports.flatMap((name) => plugins.files.get(name) ?? []),
    ...(await writtenFiles(request, files)),
  ]
  for (const file of added) files.set(pathKey(file.path), file)
  const all = [...files.values()].toSorted(byPath)
  const paths = oneTree(all.map(({ path }) => path))
  return { files: all.map((file, index) => ({ ...file, path: paths[index] as string })), warnings }
}

/** A name that Linux allows and a package cannot carry unchanged is refused, not bent. */
function packPath(path: string, file: string): string {
  if (path.includes('\\') || entryPath(encodeURIComponent(path)) !== path)
    throw new Refusal(`The file ${JSON.stringify(file)} has a name that a package cannot hold. Rename it.`)
  return path
}

function refuseEqualNames(directory: string, files: readonly { readonly path: string }[]): void {
  const met = new Map<string, string>()
  for (const { path } of files) {
    const twin = met.get(pathKey(path))
    if (twin !== undefined)
      throw new Refusal(`${directory} holds ${twin} and ${path}, which are one file where case is ignored. Rename one.`)
    met.set(pathKey(path), path)
  }
}

async function writtenFiles(request: Request, collected: ReadonlyMap<string, PackFile>): Promise<readonly PackFile[]> {
  const { role, nowMs } = request
  const written = (path: string, text: string): PackFile => ({ path, source: Buffer.from(text), modifiedMs: nowMs })
  const entryPoint = entryPointFile(request, collected)
  return [
    written('RoleModel.xml', await roleModelText(request)),
    written(runtimeSetupFile, writeRuntimeSetup(role)),
    ...(entryPoint === undefined ? [] : [written('__entrypoint.txt', entryPoint)]),
  ]
}

async function roleModelText({ role, sources, plugins, propertiesFile, emulated }: Request): Promise<string> {
  const model = roleModelOf(role, {
    version: toolVersion,
    properties: propertiesFile === undefined ? {} : await readProperties(propertiesFile),
    physicalDirectories: sources.physicalDirectories,
    pluginSettings: pluginSettingsOf(role, plugins.modules),
  })
  const tasks = emulated ? model.tasks.filter(({ relativePath }) => relativePath !== 'base\\x64') : model.tasks
  return writeRoleModel({ ...model, tasks })
}

async function readProperties(file: string): Promise<Readonly<Record<string, string>>> {
  const lines = (await readSourceText(file, 'Name a file with a line Name=Value for each property.'))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => /^\s*([^=]+?)\s*=(.*)$/.exec(line))
  const wrong = pairs.indexOf(null)
  if (wrong >= 0) throw new Refusal(`${file}: "${lines[wrong]}" is no line of the form Name=Value.`)
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] as string, pair?.[2] as string]))
}

/**
 * `bin\Web.dll`: a .NET assembly as `__entrypoint.txt` names it. A Node module has no such file (role-runtime.md 8, rule 2a).
 * Throws Refusal for an assembly that `--assembly` names and that is not there, or is one too many.
 */
function entryPointFile(
  { role: { name: role, kind, runtime }, assembly }: Request,
  collected: ReadonlyMap<string, PackFile>,
): string | undefined {
  const { entryPoint } = runtime
  if (assembly !== undefined && entryPoint)
    throw new Refusal(
      `The role "${role}" has an EntryPoint in its definition. Leave out --assembly ${role}=${assembly}.`,
    )
  const named = assembly ?? (entryPoint?.kind === 'NetFx' ? entryPoint.assemblyName : undefined)
  if (named === undefined || /\.m?js$/i.test(named)) return undefined
  const name = named.replaceAll('/', '\\')
  const isAt = (path: string) => collected.has(pathKey(`approot/${path}`.replaceAll('\\', '/')))
  if (assembly !== undefined && !isAt(name) && !isAt(`bin\\${name}`))
    throw new Refusal(`There is no ${assembly} among the files of the role "${role}", though --assembly names it.`)
  return kind === 'WebRole' && !isAt(name) && isAt(`bin\\${name}`) ? `bin\\${name}` : name
}
