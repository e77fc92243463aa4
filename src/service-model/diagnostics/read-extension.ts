import { childText } from '../../kernel/xml.ts'
import { concluded, fault, notesOn } from '../document/notes.ts'
import { readRoot } from '../document/root.ts'
import { one } from '../document/shape.ts'
import { diagnosticsNamespace } from '../namespaces.ts'
import type { Reading } from '../reading.ts'
import { type DiagnosticsConfiguration, defaultConfiguration } from './configuration.ts'
import { readMonitor } from './read-configuration.ts'

/** The content of a `.wadcfgx`. */
export interface ExtensionConfiguration {
  readonly configuration: DiagnosticsConfiguration
  /** Connection string of the private configuration's account; undefined: the plug-in's setting names it. */
  readonly connectionString?: string | undefined
}

/** `diagnostics.wadcfgx`: public and private configuration of the extension (P-13), without a control container. Refused like readWadcfg. */
export function readWadcfgx(source: string, file: string): Reading<ExtensionConfiguration> {
  const notes = notesOn(file, diagnosticsNamespace, true)
  const root = readRoot(notes, source, 'DiagnosticsConfiguration')
  if (!root) return concluded(notes)
  const isEnabled = childText(root, 'IsEnabled')?.toLowerCase() !== 'false'
  const monitor = one(notes, one(notes, one(notes, root, 'PublicConfig'), 'WadCfg'), 'DiagnosticMonitorConfiguration')
  if (isEnabled && !monitor)
    fault(notes, root, 'there is no PublicConfig/WadCfg/DiagnosticMonitorConfiguration, which says what is collected.')
  const read = monitor && isEnabled ? readMonitor(notes, monitor, 'extension') : defaultConfiguration
  const account = one(notes, one(notes, root, 'PrivateConfig'), 'StorageAccount')
  return concluded(notes, {
    configuration: { ...read, pollIntervalMs: 0 },
    ...(account && { connectionString: connectionStringOf(account.attributes) }),
  })
}

/** An account without a key, as the tools write into projects, names none. */
function connectionStringOf(attributes: Readonly<Record<string, string>>): string | undefined {
  const { name = '', key = '', endpoint = 'https://core.windows.net' } = attributes
  if (name === '' || key === '') return undefined
  const [, scheme = 'https', suffix = endpoint] = /^(https?):\/\/([^/]+)\/?$/.exec(endpoint) ?? []
  return `DefaultEndpointsProtocol=${scheme};AccountName=${name};AccountKey=${key};EndpointSuffix=${suffix}`
}
