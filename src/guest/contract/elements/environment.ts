import type { Element, Markup } from '../../../kernel/xml.ts'
import { child, childrenOf, xml } from '../../../kernel/xml.ts'
import type { LocalResource } from '../../../service-model/definition.ts'
import { decimal, requiredAttribute } from '../document.ts'
import type { GuestSpecification } from '../guest-specification.ts'

type StoredCertificate = GuestSpecification['storedCertificates'][number]

export function storedCertificatesElement({ storedCertificates }: GuestSpecification): Markup {
  const one = ({ name, thumbprint, storeName, level }: StoredCertificate, index: number) =>
    xml('StoredCertificate', {
      name: storedPrefix(index) + name,
      certificateId: certificateId(thumbprint),
      storeName,
      configurationLevel: level,
    })
  return xml('StoredCertificates', {}, storedCertificates.map(one))
}

export function readStoredCertificates(root: Element): readonly StoredCertificate[] {
  return childrenOf(child(root, 'StoredCertificates'), 'StoredCertificate').map((element, index) => ({
    name: requiredAttribute(element, 'name').slice(storedPrefix(index).length),
    thumbprint: thumbprintOf(requiredAttribute(element, 'certificateId')),
    storeName: requiredAttribute(element, 'storeName'),
    level: element.attributes['configurationLevel'] === 'User' ? 'User' : 'System',
  }))
}

/** Certificates are numbered in their names, as on the original: `Stored0ApiTls`. */
function storedPrefix(index: number): string {
  return `Stored${index}`
}

export function certificateId(thumbprint: string): string {
  return `sha1:${thumbprint}`
}

export function thumbprintOf(id: string): string {
  return id.replace(/^sha1:/, '')
}

/** Fixed content: every role of Reddog runs with full trust. */
export function hostingEnvironmentSettings(): Markup {
  return xml('HostingEnvironmentSettings', { name: 'full', Runtime: '' }, [
    xml('CAS', { mode: 'full' }),
    xml('PrivilegeLevel', { mode: 'max' }),
    xml('AdditionalProperties', {}, xml('CgiHandlers')),
  ])
}

export function applicationSettings({ settings }: GuestSpecification): Markup {
  return xml(
    'ApplicationSettings',
    {},
    Object.entries(settings).map(([name, value]) => xml('Setting', { name, value })),
  )
}

export function readApplicationSettings(root: Element): Readonly<Record<string, string>> {
  return Object.fromEntries(
    childrenOf(child(root, 'ApplicationSettings'), 'Setting').map((element) => [
      requiredAttribute(element, 'name'),
      requiredAttribute(element, 'value'),
    ]),
  )
}

/** `sticky` means kept when the role is recycled; sizes are in MB (wire-server.md 6.1). */
export function resourceReferences({ deploymentId, role, localResources }: GuestSpecification): Markup {
  const one = ({ name, sizeInMB, cleanOnRoleRecycle }: LocalResource) =>
    xml('Resource', {
      name,
      type: 'directory',
      request: 'LocalStorage',
      sticky: !cleanOnRoleRecycle,
      size: sizeInMB,
      path: `${deploymentId}.${role}.${name}\\`,
      disableQuota: false,
    })
  return xml('ResourceReferences', {}, localResources.map(one))
}

export function readResourceReferences(root: Element): readonly LocalResource[] {
  return childrenOf(child(root, 'ResourceReferences'), 'Resource').map((element) => ({
    name: requiredAttribute(element, 'name'),
    sizeInMB: decimal(requiredAttribute(element, 'size'), element),
    cleanOnRoleRecycle: element.attributes['sticky'] !== 'true',
  }))
}
