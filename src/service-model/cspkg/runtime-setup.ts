import { child, childrenOf, xml } from '../../kernel/xml.ts'
import type { RoleDefinition } from '../definition.ts'
import { readXmlPart, xmlDocument } from './xml-part.ts'

/** File of a role package that carries what the packaged definition leaves out: certificate permissions (package-format.md 2.6). */
export const runtimeSetupFile = 'RuntimeSetup.Manifest'

/** The `StoredCert` names (`Stored0Tls`) whose private key only elevated processes may read. */
export function readElevatedCertificates(part: string, text: string): ReadonlySet<string> {
  const levels = child(readXmlPart(part, text, 'RuntimeSetup'), 'PermissionLevels')
  const elevated = childrenOf(levels, 'StoredCert').filter(
    ({ attributes }) => attributes.permissionLevel === 'elevated',
  )
  return new Set(elevated.map(({ attributes }) => attributes.name ?? ''))
}

/** How `.rd` and RuntimeSetup.Manifest name a certificate of a role: with its place in the definition in front. */
export function storedName(index: number, certificate: string): string {
  return `Stored${index}${certificate}`
}

/** Without any Operation: those name the vendor's files, which Reddog does not add (section 6, rule 6). */
export function writeRuntimeSetup(role: RoleDefinition): string {
  const levels = role.certificates.flatMap(({ name, permissionLevel }, index) =>
    permissionLevel === 'elevated' ? [xml('StoredCert', { name: storedName(index, name), permissionLevel })] : [],
  )
  const identity = xml('Identity', { username: 'NetworkService', domain: 'NT AUTHORITY' })
  return xmlDocument(
    xml('RuntimeSetup', {}, [
      levels.length > 0 ? xml('PermissionLevels', {}, levels) : undefined,
      role.kind === 'WebRole' ? xml('AdditionalRoleIdentities', {}, identity) : undefined,
    ]),
  )
}
