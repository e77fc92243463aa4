import { group } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { text } from '../../kernel/document/scalars.ts'
import { readDocument, writeDocument } from './document.ts'
import { dictionary } from './elements/dictionary.ts'

/** Names and values that a guest reports about itself, such as `CertificateThumbprint` (wire-server.md 12). */
export interface RoleProperties {
  readonly containerId: string
  readonly instanceId: string
  readonly properties: Readonly<Record<string, string>>
}

export const rolePropertiesTag = record('RoleProperties', {
  container: group('Container', {
    containerId: text('ContainerId'),
    roleInstances: group('RoleInstances', {
      roleInstance: group('RoleInstance', {
        instanceId: text('Id'),
        properties: dictionary('Properties', 'Property'),
      }),
    }),
  }),
})

export function writeRoleProperties(properties: RoleProperties): string {
  return writeDocument(rolePropertiesTag, properties)
}

/** Throws XmlError when the document holds no role properties. */
export function readRoleProperties(source: string): RoleProperties {
  return readDocument(rolePropertiesTag, source)
}
