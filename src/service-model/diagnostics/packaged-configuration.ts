import { declaredAsUtf8, decodeText } from '../text.ts'
import { type DiagnosticsConfiguration, defaultConfiguration } from './configuration.ts'
import { readWadcfg } from './read-configuration.ts'
import { readWadcfgx } from './read-extension.ts'

/** The configuration that a role begins with. */
export interface PackagedConfiguration {
  readonly configuration: DiagnosticsConfiguration
  /** Why it cannot be read, in sentences; then nothing is transferred. */
  readonly faults: readonly string[]
  readonly warnings: readonly string[]
  /** Of the private configuration's account, which has priority over the setting's. */
  readonly connectionString?: string | undefined
  /** The initial content of the control container (P-13). */
  readonly source: string
}

/** Where the original looks, below the role root: beside the role's program, of a web role in `bin` (P-13). */
export const configurationFiles = [
  'approot/diagnostics.wadcfgx',
  'approot/bin/diagnostics.wadcfgx',
  'approot/diagnostics.wadcfg',
  'approot/bin/diagnostics.wadcfg',
] as const

/** Reads the first file that there is; `bytesOf` finds one below the role root, ignoring case. Without one nothing is transferred. */
export function readPackaged(bytesOf: (path: string) => Uint8Array | undefined): PackagedConfiguration {
  for (const path of configurationFiles) {
    const bytes = bytesOf(path)
    if (bytes) return read(bytes, path.slice(path.lastIndexOf('/') + 1))
  }
  return {
    configuration: unread,
    faults: [],
    warnings: [
      `There is no ${configurationFiles[2]}, nor a .wadcfgx: logs are kept in DiagnosticStore and not transferred.`,
    ],
    source: '',
  }
}

function read(bytes: Uint8Array, name: string): PackagedConfiguration {
  let text: string
  try {
    text = decodeText(bytes)
  } catch (error) {
    const faults = unreadable([`${name}: ${(error as Error).message}`])
    return { configuration: unread, faults, warnings: [], source: '' }
  }
  return name.endsWith('x') ? ofExtension(text, name) : ofPlugin(text, name)
}

function ofExtension(text: string, name: string): PackagedConfiguration {
  const { value, errors, warnings } = readWadcfgx(text, name)
  const { configuration, connectionString } = value ?? { configuration: unread }
  return { configuration, connectionString, faults: unreadable(errors), warnings, source: '' }
}

function ofPlugin(text: string, name: string): PackagedConfiguration {
  const { value, errors, warnings } = readWadcfg(text, name)
  return { configuration: value ?? unread, faults: unreadable(errors), warnings, source: declaredAsUtf8(text) }
}

/** The control container does not replace a configuration that is missing or cannot be read. */
const unread: DiagnosticsConfiguration = { ...defaultConfiguration, pollIntervalMs: 0 }

/** As problems for the user: nothing is transferred until they are mended. */
export function unreadable(errors: readonly string[]): readonly string[] {
  return errors.length === 0 ? [] : [`The configuration of Diagnostics cannot be read: ${errors.join(' ')}`]
}
