import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { modelOf, type RoleParts } from '../../service-model/cspkg/model-of.ts'
import { writeNamedStreams } from '../../service-model/cspkg/named-streams.ts'
import { Refusal } from '../../service-model/cspkg/refusal.ts'
import { runtimeSetupFile, writeRuntimeSetup } from '../../service-model/cspkg/runtime-setup.ts'
import type { RoleDefinition, ServiceDefinition } from '../../service-model/definition.ts'
import { inPackage } from '../../service-model/role-model-of.ts'
import { writeRoleModel } from '../../service-model/write-role-model.ts'
import { type FoundFile, filesBelow } from './files-below.ts'
import type { PackFile } from './pack-content.ts'
import { readSourceText } from './source-text.ts'
import { toolVersion } from './tool-version.ts'
import { isVendorFile } from './unpack-role.ts'

/** A service whose roles are collected: the input of packing. */
export interface CollectedService {
  /** Name of the definition file without `.csdef`. */
  readonly base: string
  /** Plug-ins expanded. */
  readonly definition: ServiceDefinition
  readonly roles: readonly { readonly role: RoleDefinition; readonly files: readonly PackFile[] }[]
  /** Named streams, text by path. */
  readonly streams: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

const hint = 'Name a .csx directory as cspack /copyOnly writes it.'

/**
 * The service of a layout directory (package-format.md 4): each role's files as they stand, without the vendor's; sites whose
 * content lay elsewhere on the build machine are those of `approot`. Throws Refusal with every fault at once.
 */
export async function layoutService(directory: string, nowMs: number): Promise<CollectedService> {
  const names = await readdir(directory)
  const [file, ...others] = names.filter((name) => /\.csdef$/i.test(name))
  if (file === undefined || others.length > 0)
    throw new Refusal(`${directory} holds ${file ? 'several definitions' : 'no definition'} (.csdef). ${hint}`)
  const roleNames = await readdir(join(directory, 'roles')).catch(() => {
    throw new Refusal(`${directory} holds no directory "roles". ${hint}`)
  })
  const found = new Map<string, { readonly files: readonly FoundFile[]; readonly parts: RoleParts }>()
  const warnings: string[] = []
  for (const role of roleNames) {
    const all = await filesBelow(join(directory, 'roles', role))
    warnings.push(...all.warnings)
    const files = all.files.filter(({ path }) => !isVendorFile(path))
    found.set(role, { files, parts: await partsOf(role, files) })
  }
  const model = modelOf({
    kind: 'legacy',
    definition: { name: file, text: await readSourceText(join(directory, file), hint) },
    productVersion: toolVersion,
    roles: Object.fromEntries([...found].map(([role, { parts }]) => [role, parts])),
  })
  if (!model.value) throw new Refusal(`The layout directory ${directory} is not valid.\n${model.errors.join('\n')}`)
  const { definition, roleModels } = model.value
  const roles = definition.roles.map((reduced) => {
    const { files } = found.get(reduced.name) as { files: readonly FoundFile[] }
    const roleModel = inPackage(roleModels[reduced.name] as NonNullable<(typeof roleModels)[string]>, (path) =>
      files.some((one) => one.path.startsWith(`${path}/`)),
    )
    const { runtime, tasks, sites } = roleModel
    const role = { ...reduced, runtime, tasks, sites, imports: pluginsAmong(files) }
    return { role, files: [...ownFiles(files), ...writtenFiles(role, writeRoleModel(roleModel), nowMs)] }
  })
  return {
    base: file.replace(/\.csdef$/i, ''),
    definition: { ...definition, roles: roles.map(({ role }) => role) },
    roles,
    streams: Object.fromEntries(roles.flatMap(({ role }) => Object.entries(writeNamedStreams(role, toolVersion)))),
    warnings: [...warnings, ...model.warnings],
  }
}

/** The texts of a role that its model is made of. */
async function partsOf(role: string, files: readonly FoundFile[]): Promise<RoleParts> {
  const read = async (path: string) => {
    const one = files.find((file) => file.path.toLowerCase() === path.toLowerCase())
    return one && { name: `roles/${role}/${one.path}`, text: await readSourceText(one.file, hint) }
  }
  const roleModel = await read('RoleModel.xml')
  if (!roleModel) throw new Refusal(`roles/${role} holds no RoleModel.xml. ${hint}`)
  return {
    roleModel,
    runtimeSetup: await read(runtimeSetupFile),
    entryPointFile: (await read('__entrypoint.txt'))?.text,
    contents: { files: files.length, bytes: 0 },
  }
}

/** Those that are not written anew. */
function ownFiles(files: readonly FoundFile[]): readonly PackFile[] {
  const anew = new Set(['rolemodel.xml', runtimeSetupFile.toLowerCase()])
  return files.filter(({ path }) => !anew.has(path.toLowerCase())).map(({ file, ...one }) => ({ ...one, source: file }))
}

function writtenFiles(role: RoleDefinition, roleModel: string, modifiedMs: number): readonly PackFile[] {
  return [
    { path: 'RoleModel.xml', source: Buffer.from(roleModel), modifiedMs },
    { path: runtimeSetupFile, source: Buffer.from(writeRuntimeSetup(role)), modifiedMs },
  ]
}

/** A layout has no streams, which name the plug-ins of a package: their directories do. */
function pluginsAmong(files: readonly FoundFile[]): readonly string[] {
  return [...new Set(files.flatMap(({ path }) => /^plugins\/([^/]+)\//i.exec(path)?.[1] ?? []))]
}
