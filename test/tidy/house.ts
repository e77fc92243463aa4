import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { type Module, moduleOf } from './module.ts'

/** The sources as the rules see them: what each file imports, and what its code says. */
export interface House {
  readonly files: readonly string[]
  moduleOf(file: string): Module
  /** Imports of a file, with those of its own kind as paths from the root of the project. */
  importsOf(file: string): readonly Import[]
}

export interface Import {
  /** A path such as `src/kernel/loop.ts`, or the name of a package. */
  readonly target: string
  readonly typeOnly: boolean
}

const root = join(import.meta.dirname, '../..')

/** Every file below src/ with its text. */
export function sources(): ReadonlyMap<string, string> {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).sort()
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
}

/** The house that these texts make; `like` has been read already and differs in a few of them. */
export function houseOf(texts: ReadonlyMap<string, string>, like?: House): House {
  const read = (file: string) => moduleOf(texts.get(file) ?? '', file)
  const imports = new Map<string, readonly Import[]>()
  function importsOf(file: string): readonly Import[] {
    const module = read(file)
    if (like?.moduleOf(file) === module) return like.importsOf(file)
    const found =
      imports.get(file) ??
      module.imports.map(({ specifier, typeOnly }) => ({
        target: specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier,
        typeOnly,
      }))
    imports.set(file, found)
    return found
  }
  return { files: [...texts.keys()], moduleOf: read, importsOf }
}

/** `src/kernel/loop.ts` stands on the floor `kernel`. */
export function floorOf(file: string): string {
  return file.split('/')[1] as string
}

/** `main.ts` and `sim` wire across the floors; nothing else does. */
export function wires(file: string): boolean {
  return basename(file) === 'main.ts' || floorOf(file) === 'sim'
}
