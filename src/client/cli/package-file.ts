import { existsSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Result } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { Failure } from '../failure.ts'
import type { Examined, LayOver } from '../packages/examine-facility.ts'
import type { Pack } from '../packages/pack-facility.ts'
import { readConfiguration, reasonOf } from './user-file.ts'
import type { Call } from './verb.ts'

/** A package ready to be uploaded. */
export interface PackageFile {
  readonly path: string
  /** Messages of packing that are worth knowing; empty for a package that was ready. */
  readonly warnings: readonly string[]
  /** Removes what was made for it. */
  dispose(): void
}

const definitionName = 'ServiceDefinition.csdef'

/** The named package: a `.cspkg` as it is; a `.csdef`, or a directory with ServiceDefinition.csdef, is packed first; overlays are added to it. */
export async function packageFile(
  named: string,
  { pack, layOver, temporaryDirectory }: Pick<Call, 'pack' | 'layOver' | 'temporaryDirectory'>,
  overlays: readonly string[],
): Promise<PackageFile> {
  const definition = definitionOf(named)
  if (definition === undefined && overlays.length === 0) return { path: named, warnings: [], dispose() {} }
  const directory = workDirectory(temporaryDirectory)
  const dispose = () => directory[Symbol.dispose]()
  const path = join(directory.path, `${basename(definition ?? named).replace(/\.(csdef|csx|cspkg)$/i, '')}.cspkg`)
  try {
    const warnings: string[] = []
    if (definition !== undefined)
      warnings.push(...(await makePackage(pack, { definition, roles: {}, sites: {}, out: path })).warnings)
    if (overlays.length > 0)
      warnings.push(...(await withOverlays(layOver, definition === undefined ? named : path, overlays, path)))
    return { path, warnings, dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

/** Where a package is made that is not whole yet. Throws a Failure when there can be none. */
export function workDirectory(make: Call['temporaryDirectory']): ReturnType<Call['temporaryDirectory']> {
  try {
    return make(tmpdir())
  } catch (error) {
    throw new Failure(
      `No directory for the package can be made in ${tmpdir()}: ${systemWords(error)}. Name another place with TMPDIR.`,
    )
  }
}

/** Packs. Throws a Failure for faults of the definition, and for errors of the system while reading the sources or writing the package. */
export function makePackage(pack: Pack, options: Parameters<Pack>[0]) {
  return valueOf(pack(options), options.out, `The package ${options.out} was not made`)
}

/** Writes a package with overlays to `out`. Throws a Failure for what is wrong with either. */
export function withOverlays(layOver: LayOver, file: string, overlays: readonly string[], out: string) {
  return valueOf(layOver(file, overlays, out), out, `The overlay was not laid over ${file}`)
}

/** What will happen to a package here. Throws a Failure when it is not a package, or damaged. */
export function examined({ examine }: Pick<Call, 'examine'>, file: string): Promise<Examined> {
  return valueOf(examine(file), file, `The package ${file} cannot be looked through`)
}

/** Throws a Failure with the fault, or with the system's error; `file`: which file it was, where the system names none. */
async function valueOf<Value>(result: Promise<Result<Value>>, file: string, sentence: string): Promise<Value> {
  const found = await result.catch((error: NodeJS.ErrnoException & { readonly dest?: string }) => {
    if (error.syscall === undefined) throw error
    throw new Failure(`${sentence}: ${error.dest ?? error.path ?? file} ${reasonOf(error)}`)
  })
  if (found.ok) return found.value
  throw new Failure(found.fault.message)
}

/** The configuration that was named, or the one in the package's directory when there is no doubt which. */
export function configurationFor(named: string | undefined, packageNamed: string): Buffer {
  definitionOf(packageNamed)
  return readConfiguration(named ?? configurationIn(packageNamed))
}

function configurationIn(packageNamed: string): string {
  const found = isDirectory(packageNamed) ? readdirSync(packageNamed).filter((file) => file.endsWith('.cscfg')) : []
  const [only] = found
  if (found.length === 1 && only) return join(packageNamed, only)
  throw new Failure(
    `No CONFIGURATION was named, and ${packageNamed} holds ${found.length === 0 ? 'none' : `several: ${found.join(', ')}`}. Name the .cscfg after the package.`,
  )
}

/**
 * The named definition, given as a file or by its directory, or a .csx directory, which holds both; undefined for a package.
 * Throws a Failure when nothing is there.
 */
export function definitionOf(named: string): string | undefined {
  existing(named, 'package')
  if (isDirectory(join(named, 'roles')) && readdirSync(named).some((name) => /\.csdef$/i.test(name))) return named
  if (isDirectory(named)) return existing(join(named, definitionName), 'definition')
  return named.toLowerCase().endsWith('.csdef') ? named : undefined
}

function existing(path: string, what: string): string {
  if (existsSync(path)) return path
  throw new Failure(`The ${what} ${path} does not exist. Check the path.`)
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}
