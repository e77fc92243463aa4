import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeText } from '../../../service-model/text.ts'
import { readWebConfig } from '../../../service-model/web-config/read-web-config.ts'
import type { WebConfig } from '../../../service-model/web-config/web-config.ts'
import { ignoringCase } from '../ignoring-case.ts'
import { stampOf } from '../look-at.ts'

/** The `web.config` of a directory: its content, or why it cannot be used (500.19). */
export type DirectoryConfig =
  | { readonly kind: 'read'; readonly config: WebConfig }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

/** Bytes of a `web.config` that are read at most: IIS takes 250 kB (MaxWebConfigFileSizeInKB), more is 500.19. */
const mostBytes = 1024 * 1024

/** Directories that are remembered at most; then all are looked at anew. */
const mostRemembered = 10_000

interface Remembered {
  readonly directory: string
  /** Each file that was read, with its stamp at that time: the `web.config`, and the files that its sections name as `configSource`. */
  readonly files: ReadonlyMap<string, string>
  readonly found: DirectoryConfig | undefined
}

/** Finds and reads the `web.config` of directories, ignoring case in its name (I-44), and again when it has changed. */
export interface DirectoryConfigs {
  /** Undefined when the directory has none, or is not there. The same value as long as the files are the same. */
  readonly of: (directory: string) => DirectoryConfig | undefined
}

export function directoryConfigs(): DirectoryConfigs {
  const known = new Map<string, Remembered>()
  return {
    of(directory) {
      const stamp = stampOf(directory)
      const before = known.get(directory)
      if (before?.directory === stamp && [...before.files].every(([file, then]) => stampOf(file) === then))
        return before.found
      const files = new Map<string, string>()
      const found = stamp === '' ? undefined : look(directory, files)
      if (known.size >= mostRemembered) known.clear()
      known.set(directory, { directory: stamp, files, found })
      return found
    },
  }
}

function look(directory: string, files: Map<string, string>): DirectoryConfig | undefined {
  const read = (file: string) => {
    files.set(file, stampOf(file))
    return textOf(file)
  }
  try {
    const name = readdirSync(directory).find((one) => one.toLowerCase() === 'web.config')
    if (name === undefined) return undefined
    const file = join(directory, name)
    const { value, errors } = readWebConfig(read(file), file, (source) => read(besides(directory, source)))
    return value ? { kind: 'read', config: value } : { kind: 'faulty', faults: errors }
  } catch (error) {
    return { kind: 'faulty', faults: [(error as Error).message] }
  }
}

/** Where `configSource` leads: the directory or what is below it, ignoring case (I-44). */
function besides(directory: string, source: string): string {
  const path = join('/', source.replaceAll('\\', '/'))
  return ignoringCase(directory, path) ?? join(directory, path)
}

/** A pipe or a device is not waited for. */
function textOf(file: string): string {
  const found = statSync(file)
  if (!found.isFile()) throw new Error(`${file}: it is no file.`)
  if (found.size > mostBytes) throw new Error(`${file}: it has more than ${mostBytes} bytes, which are the most.`)
  return decodeText(readFileSync(file))
}
