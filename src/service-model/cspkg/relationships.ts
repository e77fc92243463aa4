import { childrenOf, xml } from '../../kernel/xml.ts'
import { damaged, notAServicePackage } from './refusal.ts'
import { readXmlPart, xmlDocument } from './xml-part.ts'

/** One line of `_rels/.rels` (package-format.md 2.1). */
export interface Relationship {
  readonly type: string
  readonly target: string
  readonly id: string
  readonly external?: boolean
}

/** Where every OPC package stores the relationships of its root. */
export const relationshipsPart = '_rels/.rels'

export const relationshipTypes = {
  required: 'http://schemas.microsoft.com/opc/2006/sample/required-resource',
  productVersion: 'http://schemas.microsoft.com/ServiceHosting/2009/10/UAR/ProductVersion',
  packageDefinition: 'http://schemas.microsoft.com/windowsazure/PackageDefinition/Version/2012/03/15',
} as const

export function readRelationships(part: string, text: string): readonly Relationship[] {
  return childrenOf(readXmlPart(part, text, 'Relationships'), 'Relationship').map(({ attributes }) => ({
    type: attributes.Type ?? '',
    target: attributes.Target ?? '',
    id: attributes.Id ?? '',
    external: attributes.TargetMode === 'External',
  }))
}

export function writeRelationships(relationships: readonly Relationship[]): string {
  const namespace = 'http://schemas.openxmlformats.org/package/2006/relationships'
  return xmlDocument(
    xml(
      'Relationships',
      { xmlns: namespace },
      relationships.map(({ type, target, id, external }) =>
        xml('Relationship', { Type: type, Target: target, ...(external && { TargetMode: 'External' }), Id: id }),
      ),
    ),
  )
}

/** The target of the relationship with that Id. Throws Refusal when `part` has none. */
export function targetOf(part: string, relationships: readonly Relationship[], id: string): string {
  const found = relationships.find((relationship) => relationship.id === id)
  if (!found) throw damaged(part, `has no relationship with the Id ${id}`)
  return found.target
}

/** Which kind of package it is (package-format.md 1). Throws Refusal when it is neither. */
export function kindOf(relationships: readonly Relationship[]): 'legacy' | '2012-03-15' {
  if (relationships.some(({ id }) => id === 'MANIFEST')) return 'legacy'
  if (relationships.some(({ type }) => type === relationshipTypes.packageDefinition)) return '2012-03-15'
  throw notAServicePackage('it is an OPC package without a service manifest')
}

/** The version of the tool that made the package, the fragment of the ProductVersion relationship; '' when it states none. */
export function productVersionOf(relationships: readonly Relationship[]): string {
  const target = relationships.find(({ type }) => type === relationshipTypes.productVersion)?.target ?? ''
  return target.split('#')[1] ?? ''
}
