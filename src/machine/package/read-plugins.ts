import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../../service-model/cspkg/refusal.ts'
import { knownPluginDocuments, knownPlugins } from '../../service-model/known-plugins.ts'
import type { PluginModule } from '../../service-model/plugin-module.ts'
import { readPlugin } from '../../service-model/read-plugin.ts'
import { filesBelow } from './files-below.ts'
import type { PackFile } from './pack-content.ts'
import { readSourceText } from './source-text.ts'

/** The plug-in modules that a role can import, and the files that each brings to `plugins\<module>`. */
export interface Plugins {
  readonly modules: Readonly<Record<string, PluginModule>>
  readonly files: ReadonlyMap<string, readonly PackFile[]>
}

/** The known modules, and those of a directory in front of them. Throws Refusal with every fault of their documents. */
export async function readPlugins(directory: string | undefined, nowMs: number): Promise<Plugins> {
  const modules = new Map(Object.entries(knownPlugins))
  const files = new Map(
    Object.entries(knownPluginDocuments).map(([name, text]) => [name, [document(name, text, nowMs)]]),
  )
  const errors: string[] = []
  for (const { name, document: documentName } of directory === undefined ? [] : await modulesBelow(directory)) {
    const root = join(directory as string, name)
    const file = join(root, documentName)
    for (const known of modules.keys())
      if (known.toLowerCase() === name.toLowerCase()) [modules, files].forEach((all) => all.delete(known))
    const reading = readPlugin(await readSourceText(file, 'Save it again as UTF-8.'), { file })
    errors.push(...reading.errors)
    if (reading.value) modules.set(name, reading.value)
    files.set(
      name,
      (await filesBelow(root)).files.map((one) => packed(name, one)),
    )
  }
  if (errors.length > 0) throw new Refusal(`The plug-ins below ${directory} are not valid.\n${errors.join('\n')}`)
  return { modules: Object.fromEntries(modules), files }
}

/** Directories that hold a document of their own name, ignoring case. */
async function modulesBelow(
  directory: string,
): Promise<readonly { readonly name: string; readonly document: string }[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => {
    throw new Refusal(
      `The plug-in directory ${directory} cannot be read. Name a directory that holds one directory a module.`,
    )
  })
  const names = entries.map(({ name }) => name)
  const found = await Promise.all(
    names.map(async (name) => {
      const files = await readdir(join(directory, name)).catch((): string[] => [])
      const document = files.find((file) => file.toLowerCase() === `${name}.csplugin`.toLowerCase())
      return document === undefined ? [] : [{ name, document }]
    }),
  )
  return found.flat()
}

function document(name: string, text: string, nowMs: number): PackFile {
  return { path: `plugins/${name}/${name}.csplugin`, source: Buffer.from(text), modifiedMs: nowMs }
}

function packed(
  name: string,
  { path, file, modifiedMs }: { path: string; file: string; modifiedMs: number },
): PackFile {
  return { path: `plugins/${name}/${path}`, source: file, modifiedMs }
}
