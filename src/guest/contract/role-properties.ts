import { childrenOf, parseXml, xml } from '../../kernel/xml.ts'
import { requiredAttribute, requiredChild, requiredText, writeDocument } from './document.ts'

/** Names and values that a guest says of itself, such as `CertificateThumbprint` (wire-server.md 12). */
export interface RoleProperties {
  readonly containerId: string
  readonly instanceId: string
  readonly properties: Readonly<Record<string, string>>
}

export function writeRoleProperties({ containerId, instanceId, properties }: RoleProperties): string {
  const pairs = Object.entries(properties).map(([name, value]) => xml('Property', { name, value }))
  return writeDocument(
    xml('RoleProperties', {}, [
      xml('Container', {}, [
        xml('ContainerId', {}, containerId),
        xml('RoleInstances', {}, [xml('RoleInstance', {}, [xml('Id', {}, instanceId), xml('Properties', {}, pairs)])]),
      ]),
    ]),
  )
}

/** Throws XmlError when the document holds no role properties. */
export function readRoleProperties(source: string): RoleProperties {
  const container = requiredChild(parseXml(source), 'Container')
  const instance = requiredChild(requiredChild(container, 'RoleInstances'), 'RoleInstance')
  const pairs = childrenOf(requiredChild(instance, 'Properties'), 'Property').map(
    (pair) => [requiredAttribute(pair, 'name'), requiredAttribute(pair, 'value')] as const,
  )
  return {
    containerId: requiredText(container, 'ContainerId'),
    instanceId: requiredText(instance, 'Id'),
    properties: Object.fromEntries(pairs),
  }
}
