import type { Element } from '../../kernel/xml.ts'
import type { RoleDefinition, RoleKind } from '../definition.ts'
import { flag, text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, one } from '../document/shape.ts'
import { readCertificates } from './certificates.ts'
import { readContents } from './contents.ts'
import { readEndpoints } from './endpoints.ts'
import { readImports } from './imports.ts'
import { readLocalResources } from './local-resources.ts'
import { readRuntime } from './runtime.ts'
import { readSettingNames } from './settings.ts'
import { readSites } from './sites.ts'
import { readStartup } from './startup.ts'

const containers = [
  'Imports',
  'Startup',
  'LocalStorage',
  'LocalResources',
  'ConfigurationSettings',
  'Endpoints',
  'Certificates',
  'Runtime',
  'Contents',
]

/** A WebRole or WorkerRole element, children in any order (2.3). */
export function readRole(notes: Notes, element: Element): RoleDefinition {
  const kind = element.local as RoleKind
  const web = kind === 'WebRole'
  checkShape(notes, element, {
    attributes: ['name', 'vmsize', 'enableNativeCodeExecution'],
    once: web ? [...containers, 'Sites', 'InputEndpoints'] : [...containers, 'Sites'],
    many: web ? ['InternalEndpoint'] : [],
  })
  const name = text(notes, element, 'name')
  const sites = readSites(notes, element)
  if (!web && sites)
    fault(notes, one(notes, element, 'Sites'), `WorkerRole ${name} has Sites; only a WebRole may have them.`)
  const { priority, tasks } = readStartup(notes, element)
  return placed(notes, element, {
    name,
    kind,
    vmSize: element.attributes['vmsize'] ?? 'Small',
    enableNativeCodeExecution: flag(notes, element, 'enableNativeCodeExecution', true),
    imports: readImports(notes, element),
    settings: readSettingNames(notes, element),
    localResources: readLocalResources(notes, element),
    ...readEndpoints(notes, element),
    certificates: readCertificates(notes, element),
    tasks,
    ...(priority !== 0 && { startupPriority: priority }),
    runtime: readRuntime(notes, element),
    ...(sites && { sites }),
    contents: readContents(notes, element),
  })
}
