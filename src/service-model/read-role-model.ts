import type { Element } from '../kernel/xml.ts'
import { readRuntime } from './definition/runtime.ts'
import { readSites } from './definition/sites.ts'
import { readStartup } from './definition/startup.ts'
import { text, textOrEmpty } from './document/attributes.ts'
import { concluded, type Notes, notesOn } from './document/notes.ts'
import { readRoot } from './document/root.ts'
import { checkShape, many, one } from './document/shape.ts'
import { definitionNamespace } from './namespaces.ts'
import type { Reading } from './reading.ts'
import type { RoleModel } from './role-model.ts'

/** RoleModel.xml of a role package (service-model.md 6). Later SDKs may have added to it: unknown parts are warnings. */
export function readRoleModel(source: string, options: { readonly file?: string } = {}): Reading<RoleModel> {
  const notes = notesOn(options.file ?? 'RoleModel.xml', definitionNamespace, true)
  const root = readRoot(notes, source, 'RoleModel')
  if (!root) return concluded(notes)
  checkShape(notes, root, {
    attributes: ['name', 'version'],
    once: ['Startup', 'Runtime', 'ConfigurationSettings', 'Properties', 'Sites'],
  })
  const protocolVersion = one(notes, root, 'Runtime')?.attributes['protocolVersion']
  const sites = readSites(notes, root)
  return concluded(notes, {
    name: text(notes, root, 'name'),
    version: root.attributes['version'] ?? '',
    tasks: readStartup(notes, root).tasks,
    runtime: readRuntime(notes, root),
    ...(protocolVersion && { protocolVersion }),
    pluginSettings: readPluginSettings(notes, root),
    properties: readProperties(notes, root),
    ...(sites && { sites }),
  })
}

function readPluginSettings(notes: Notes, root: Element): RoleModel['pluginSettings'] {
  return many(notes, one(notes, root, 'ConfigurationSettings'), 'Setting').map((setting) => ({
    name: text(notes, setting, 'name'),
    nameSpace: setting.attributes['nameSpace'] ?? '',
  }))
}

function readProperties(notes: Notes, root: Element): RoleModel['properties'] {
  const properties = many(notes, one(notes, root, 'Properties'), 'Property')
  return Object.fromEntries(
    properties.map((property) => [text(notes, property, 'name'), textOrEmpty(notes, property, 'value')]),
  )
}
