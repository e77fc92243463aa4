import { globSync, lstatSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ignoringCase, namesIn } from '../guest-os/find-file.ts'
import { ownAssemblies } from './own-assemblies.ts'

/**
 * Renames the SDK's libraries from a package, in the guest's copy of its role: they call programs of Windows, and Mono prefers a library beside the
 * role to ours, though ours is loaded. Returns the renamed files.
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
    namesIn(directory)
      .filter((name) => libraries.has(name.toLowerCase()))
      .map((name) => join(directory, name))
      .filter((path) => lstatSync(path).isFile()),
  )
  for (const file of found) {
    const aside = `${file}.aside`
    // A directory of that name would be in the way.
    rmSync(aside, { recursive: true, force: true })
    renameSync(file, aside)
  }
  return found
}
