import { type Dirent, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { declaredAsUtf8, decodeText } from '../../../../service-model/text.ts'
import { withoutRefused } from '../../../../service-model/web-config/mono-refuses.ts'
import { withPartsSpelled } from '../../../../service-model/web-config/parts-spelled.ts'
import { ignoringCase } from '../../ignoring-case.ts'

/**
 * Most names of an application that are checked, and bytes of a file that are read. Origin: choice; a site has some hundred names, and a file some
 * kB.
 */
const most = { names: 20_000, bytes: 1024 * 1024 } as const

type Say = (line: string) => void

/**
 * Removes from an application's `web.config` files what IIS accepts and Mono refuses, and spells the files that they name as they are on the disk
 * (`conf\Settings.config`, I-44), in the instance's own copy of the site, and logs it. Files that
 * cannot be read or written stay: ASP.NET reports what is wrong. Files mended once are left as they are.
 */
export function mendConfigurations(directory: string, say: Say): void {
  for (const path of configurationsBelow(directory)) mendConfiguration(directory, path, say)
}

/** The same for one of them, by its path below the directory; whether it was changed. */
export function mendConfiguration(directory: string, path: string, say: Say): boolean {
  try {
    const mended = mend(join(directory, path))
    if (mended === '') return false
    say(`ASP.NET: ${path} is read ${mended}.`)
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

/** How the file is read from now on, in words; '' for one that stays as it is. */
function mend(file: string): string {
  const { size, mode } = statSync(file)
  if (size > most.bytes) return ''
  const known = withoutRefused(decodeText(readFileSync(file)))
  const { text, parts } = withPartsSpelled(known.text, (written) => spelledIn(dirname(file), written))
  const words = [
    ...(known.removed.length > 0 ? [`without ${known.removed.join(', ')}, which Mono does not know`] : []),
    ...parts.map(({ written, spelled }) => `with ${spelled} for ${written}`),
  ]
  if (words.length === 0) return ''
  const fresh = `${file}.mended`
  writeFileSync(fresh, declaredAsUtf8(text), { mode })
  renameSync(fresh, file)
  return words.join(', and ')
}

/** A path as Windows reads it, as the file is spelled here; one that leads nowhere or out of the directory has its separators changed alone. */
function spelledIn(directory: string, written: string): string {
  const path = written.replaceAll('\\', '/')
  const found = path.split('/').includes('..') ? undefined : ignoringCase(directory, path)
  return found === undefined ? path : relative(directory, found)
}
