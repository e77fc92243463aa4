import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { namesIn } from '../../ignoring-case.ts'

/**
 * Gives the directory of an application's libraries, and each of them, the spelling under which Mono's compiler of pages looks for them (`bin`,
 * `*.dll`), as a link beside what the package has (I-44): that look-up is Mono's own, and nothing else can lead it.
 */
export function aliasLibraries(application: string, say: (line: string) => void): void {
  const bin = namesIn(application).find((name) => name.toLowerCase() === 'bin')
  if (bin === undefined) return
  const directory = join(application, bin)
  const isFound = (names: readonly string[]) => names.includes('bin') || names.includes('Bin')
  const aliases = [
    ...(isFound(namesIn(application)) ? [] : [[bin, join(application, 'bin')] as const]),
    ...namesIn(directory)
      .filter((name) => /\.dll$/i.test(name) && !name.endsWith('.dll'))
      .map((name) => [name, join(directory, `${name.slice(0, -4)}.dll`)] as const),
  ]
  for (const [target, path] of aliases)
    try {
      symlinkSync(target, path)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST') say(`ASP.NET: ${target} has no name that Mono looks for: ${message}`)
    }
}
