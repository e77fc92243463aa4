import { readCertificates } from './definition/certificates.ts'
import { readEndpoints } from './definition/endpoints.ts'
import { readLocalResources } from './definition/local-resources.ts'
import { readRuntime } from './definition/runtime.ts'
import { readSettingNames } from './definition/settings.ts'
import { readSites } from './definition/sites.ts'
import { readStartup } from './definition/startup.ts'
import { text } from './document/attributes.ts'
import { concluded, fault, notesOn } from './document/notes.ts'
import { readRoot } from './document/root.ts'
import { checkShape } from './document/shape.ts'
import { definitionNamespace } from './namespaces.ts'
import type { PluginModule } from './plugin-module.ts'
import type { Reading } from './reading.ts'

/** A plug-in document, `<module>.csplugin`: a RoleModule with the elements of a role but no entry point (service-model.md 5). */
export function readPlugin(source: string, options: { readonly file?: string } = {}): Reading<PluginModule> {
  const notes = notesOn(options.file ?? 'plug-in', definitionNamespace)
  const root = readRoot(notes, source, 'RoleModule')
  if (!root) return concluded(notes)
  checkShape(notes, root, {
    attributes: ['namespace'],
    once: ['Startup', 'Runtime', 'ConfigurationSettings', 'Endpoints', 'LocalResources', 'Certificates', 'Sites'],
  })
  const { entryPoint, environment } = readRuntime(notes, root)
  if (entryPoint) fault(notes, entryPoint, 'a plug-in cannot have an EntryPoint; only its role has one.')
  const sites = readSites(notes, root)
  return concluded(notes, {
    namespace: text(notes, root, 'namespace'),
    ...readStartup(notes, root),
    environment,
    settings: readSettingNames(notes, root),
    ...readEndpoints(notes, root),
    localResources: readLocalResources(notes, root),
    certificates: readCertificates(notes, root),
    ...(sites && { sites }),
  })
}
