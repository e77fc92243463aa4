import { type Dirent, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { declaredAsUtf8, decodeText } from '../../../../service-model/text.ts'
import { withoutRefused } from '../../../../service-model/web-config/mono-refuses.ts'

/**
 * Most names of an application that are checked, and bytes of a file that are read. Origin: choice; a site has some hundred names, and a file some
 * kB.
 */
const most = { names: 20_000, bytes: 1024 * 1024 } as const

type Say = (line: string) => void

/**
 * Removes from an application's `web.config` files what IIS accepts and Mono refuses, in the instance's own copy of the site, and logs it. Files that
 * cannot be read or written stay: ASP.NET reports what is wrong. Files mended once are left as they are.
 */
export function mendConfigurations(directory: string, say: Say): void {
  for (const path of configurationsBelow(directory)) mendConfiguration(directory, path, say)
}

/** The same for one of them, by its path below the directory; whether it was changed. */
export function mendConfiguration(directory: string, path: string, say: Say): boolean {
  try {
    const removed = mend(join(directory, path))
    if (removed.length === 0) return false
    say(`ASP.NET: ${path} is read without ${removed.join(', ')}, which Mono does not know.`)
    return true
  } catch (error) {
    say(`ASP.NET: ${path} cannot be mended: ${(error as Error).message}`)
    return false
  }
}

/** Those of the application itself come first. */
function* configurationsBelow(directory: string): Generator<string> {
  const places = ['']
  let names = 0
  for (const place of places)
    for (const entry of entriesOf(join(directory, place))) {
      if ((names += 1) > most.names) return
      const path = join(place, entry.name)
      if (entry.isDirectory()) places.push(path)
      else if (/^web\.config$/i.test(entry.name)) yield path
    }
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    return []
  }
}

/** The parts removed from a file. */
function mend(file: string): readonly string[] {
  const { size, mode } = statSync(file)
  if (size > most.bytes) return []
  const { text, removed } = withoutRefused(decodeText(readFileSync(file)))
  if (removed.length === 0) return []
  const fresh = `${file}.mended`
  writeFileSync(fresh, declaredAsUtf8(text), { mode })
  renameSync(fresh, file)
  return removed
}
