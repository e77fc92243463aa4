import {
  type DiagnosticsConfiguration,
  defaultConfiguration,
} from '../../../service-model/diagnostics/configuration.ts'
import { readWadcfg } from '../../../service-model/diagnostics/read-configuration.ts'
import { readWadcfgx } from '../../../service-model/diagnostics/read-extension.ts'

/** The configuration that a role begins with. */
export interface PackagedConfiguration {
  readonly configuration: DiagnosticsConfiguration
  /** Why it cannot be read, in sentences; then nothing is transferred. */
  readonly faults: readonly string[]
  readonly warnings: readonly string[]
  /** Of the private configuration's account, which goes before the setting's. */
  readonly connectionString?: string | undefined
  /** What the control container begins with (P-13). */
  readonly source: string
}

/** Where the original looks, below the role root: beside the role's program, of a web role in `bin` (P-13). */
export const configurationFiles = [
  'approot/diagnostics.wadcfgx',
  'approot/bin/diagnostics.wadcfgx',
  'approot/diagnostics.wadcfg',
  'approot/bin/diagnostics.wadcfg',
] as const

/** Reads the first file that there is; `textOf` finds one below the role root, ignoring case. Without one nothing is transferred. */
export function readPackaged(textOf: (path: string) => string | undefined): PackagedConfiguration {
  for (const path of configurationFiles) {
    const source = textOf(path)
    if (source === undefined) continue
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (name.endsWith('x')) {
      const { value, errors, warnings } = readWadcfgx(source, name)
      const { configuration, connectionString } = value ?? { configuration: unread }
      return { configuration, connectionString, faults: unreadable(errors), warnings, source: '' }
    }
    const { value, errors, warnings } = readWadcfg(source, name)
    return { configuration: value ?? unread, faults: unreadable(errors), warnings, source }
  }
  return {
    configuration: { ...defaultConfiguration, pollIntervalMs: 0 },
    faults: [],
    warnings: [
      `There is no ${configurationFiles[2]}, nor a .wadcfgx: logs are kept in DiagnosticStore and not transferred.`,
    ],
    source: '',
  }
}

/** What the control container has does not come into what cannot be read either. */
const unread: DiagnosticsConfiguration = { ...defaultConfiguration, pollIntervalMs: 0 }

/** As what is wrong for the user: nothing is transferred until it is mended. */
export function unreadable(errors: readonly string[]): readonly string[] {
  return errors.length === 0 ? [] : [`The configuration of Diagnostics cannot be read: ${errors.join(' ')}`]
}
