import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeText } from '../../../service-model/text.ts'
import { readWebConfig } from '../../../service-model/web-config/read-web-config.ts'
import type { WebConfig } from '../../../service-model/web-config/web-config.ts'

/** The `web.config` of a directory: what it says, or why it cannot be used (500.19). */
export type DirectoryConfig =
  | { readonly kind: 'read'; readonly config: WebConfig }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

/** Bytes of a `web.config` that are read at most: IIS takes 250 kB (MaxWebConfigFileSizeInKB), more is 500.19. */
const mostBytes = 1024 * 1024

/** Directories that are remembered at most; then all are looked at anew. */
const mostRemembered = 10_000

interface Remembered {
  readonly stamp: string
  readonly file: string | undefined
  readonly found: DirectoryConfig | undefined
}

/** Finds and reads the `web.config` of directories, by its name in whatever case (I-44), and again when it has changed. */
export interface DirectoryConfigs {
  /** Undefined when the directory has none, or is not there. The same value as long as the file is the same. */
  readonly of: (directory: string) => DirectoryConfig | undefined
}

export function directoryConfigs(): DirectoryConfigs {
  const known = new Map<string, Remembered>()
  return {
    of(directory) {
      const stamp = stampOf(directory)
      if (stamp === undefined) return undefined
      const before = known.get(directory)
      const file = before?.stamp.startsWith(`${stamp} `) ? before.file : nameIn(directory)
      const whole = `${stamp} ${file === undefined ? '' : stampOf(join(directory, file))}`
      if (before?.stamp === whole) return before.found
      const found = file === undefined ? undefined : read(join(directory, file))
      if (known.size >= mostRemembered) known.clear()
      known.set(directory, { stamp: whole, file, found })
      return found
    },
  }
}

function nameIn(directory: string): string | undefined {
  return readdirSync(directory).find((name) => name.toLowerCase() === 'web.config')
}

function read(file: string): DirectoryConfig {
  try {
    if (statSync(file).size > mostBytes)
      return { kind: 'faulty', faults: [`${file}: it has more than ${mostBytes} bytes, which are the most.`] }
    const { value, errors } = readWebConfig(decodeText(readFileSync(file)), file)
    return value ? { kind: 'read', config: value } : { kind: 'faulty', faults: errors }
  } catch (error) {
    return { kind: 'faulty', faults: [`${file}: ${(error as Error).message}`] }
  }
}

/** What is another one when the file or directory has changed; undefined when it is not there. */
function stampOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found && `${found.ino}:${found.mtimeNs}:${found.size}`
}
