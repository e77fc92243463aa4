import { mkdirSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { oneTree } from '../../service-model/cspkg/file-tree.ts'
import { partPath } from '../../service-model/cspkg/part-path.ts'
import { tooMuch, unsafeName } from '../../service-model/cspkg/refusal.ts'
import { sizeText } from './limits.ts'
import type { ZipPart } from './open-zip.ts'
import type { Quarantine } from './quarantine.ts'
import { type ExpectedHash, savePart, verifyPart } from './save-part.ts'

/** One file of a role root: where it goes and which part holds it. */
export interface RoleFile {
  readonly path: string
  readonly part: ZipPart
  readonly hash: ExpectedHash
}

/** The vendor's run-time files, which a foreign host verifies and does not need (package-format.md 2.6). */
export function isVendorFile(path: string): boolean {
  return /^(base|diagnostics|storage)\/|^cloud\.uar\.csman$/i.test(path)
}

/**
 * Unpacks a role's files below `roles/<role>` of the quarantine, unless it is there only to verify, and checks their hashes:
 * directories 0755, files 0644, scripts and files that the packer has marked as programs 0755. Throws Refusal before the first
 * byte when names, count or sizes do not fit.
 */
export async function unpackRole(
  role: string,
  files: readonly RoleFile[],
  quarantine: Quarantine,
): Promise<{ files: number; bytes: number }> {
  const { limits } = quarantine
  const bytes = files.reduce((sum, { part }) => sum + part.sizeBytes, 0)
  if (files.length > limits.entries)
    throw tooMuch(`the role "${role}"`, `has ${files.length} files`, `${limits.entries}`)
  if (bytes > limits.roleBytes)
    throw tooMuch(`the role "${role}"`, `unpacks to ${sizeText(bytes)}`, sizeText(limits.roleBytes))
  quarantine.spend(bytes)
  const root = roleRoot(role, quarantine)
  const paths = oneTree(files.map(({ path }) => path))
  if (quarantine.verifiesOnly) for (const { part, hash } of files) await verifyPart(part, hash)
  else await save(files, (index) => join(root, paths[index] as string))
  return { files: files.length, bytes }
}

async function save(files: readonly RoleFile[], targetOf: (index: number) => string): Promise<void> {
  const made = new Set<string>()
  for (const [index, { part, hash }] of files.entries()) {
    const target = targetOf(index)
    const directory = dirname(target)
    if (!made.has(directory)) mkdirSync(directory, { recursive: true })
    made.add(directory)
    await savePart(part, target, hash, (beginning) => (part.isProgram || isScript(target, beginning) ? 0o755 : 0o644))
  }
}

/** Throws Refusal when the role's name is no name for a directory. */
export function roleRoot(role: string, quarantine: Quarantine): string {
  if (partPath(role) !== role || role.includes('/')) throw unsafeName(role, 'is no role name')
  return join(quarantine.directory, 'roles', role)
}

/** ZIPs made on Windows have no modes: a shell script is known by its ending or, without one, by its first two bytes. */
function isScript(file: string, beginning: Buffer): boolean {
  const extension = extname(file).toLowerCase()
  return extension === '' ? beginning.toString('latin1', 0, 2) === '#!' : extension === '.sh'
}
