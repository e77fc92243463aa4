import { globSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { ignoringCase } from '../guest-os/find-file.ts'
import { ownAssemblies } from './own-assemblies.ts'

/**
 * Renames the libraries of the SDK that a package has brought, in the guest's copy of its role: they call programs of Windows, and Mono takes a library
 * that lies beside the role before ours, though ours is loaded. Answers with the files that were in the way.
 */
export function setAsideSdk(roleRoot: string): readonly string[] {
  const libraries = new Set(ownAssemblies.map(({ file }) => file.toLowerCase()).filter((file) => file.endsWith('.dll')))
  const sites = globSync('*/', { cwd: ignoringCase(roleRoot, 'sitesroot') ?? join(roleRoot, 'sitesroot') })
  const directories = [
    'approot',
    'approot/bin',
    ...sites.flatMap((site) => [`sitesroot/${site}`, `sitesroot/${site}/bin`]),
  ]
    .map((directory) => ignoringCase(roleRoot, directory))
    .filter((directory) => directory !== undefined)
  const found = directories.flatMap((directory) =>
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile() && libraries.has(entry.name.toLowerCase()))
      .map(({ name }) => join(directory, name)),
  )
  for (const file of found) renameSync(file, `${file}.aside`)
  return found
}
