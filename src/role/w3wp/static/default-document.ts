import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'

/** In this order, after those that files have added (I-27). */
const builtIn = ['Default.htm', 'Default.asp', 'index.htm', 'index.html', 'iisstart.htm', 'default.aspx']

/**
 * Name, as on the disk, of the file served for a directory; undefined when the section is off or none of its names exists. The pipeline looks for a
 * handler of that file anew, because the document may be a program (I-27, I-44, I-61). A directory that cannot be read has none.
 */
export async function defaultDocumentOf(
  directory: string,
  { enabled, files }: Effective<(typeof sections)['defaultDocument']>,
): Promise<string | undefined> {
  if (!enabled) return undefined
  const isWithdrawn = (name: string) => files.isCleared || files.removed.some(([key]) => key === name.toLowerCase())
  const wanted = [...files.items.map(({ value }) => value), ...builtIn.filter((name) => !isWithdrawn(name))]
  const names = await readdir(directory).catch((): readonly string[] => [])
  for (const document of wanted) {
    const spelled = names.includes(document) ? document : names.find((name) => isSame(name, document))
    if (spelled !== undefined && (await isFile(join(directory, spelled)))) return spelled
  }
  return undefined
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
