import { attribute, saidAttribute, saidElement } from '../../../kernel/document/parts.ts'
import { record } from '../../../kernel/document/record.ts'
import { count, oneOf, parseBoolean, scalar, text } from '../../../kernel/document/scalars.ts'
import { list, mapped } from '../../../kernel/document/tag.ts'
import { xml } from '../../../kernel/xml.ts'
import type { GuestSpecification } from '../guest-specification.ts'
import { dictionary } from './dictionary.ts'

type StoredCertificates = GuestSpecification['storedCertificates']

/** The thumbprint of a certificate, as `sha1:…`. */
export const certificateId = scalar(
  'certificateId',
  (thumbprint: string) => `sha1:${thumbprint}`,
  (id) => id.replace(/^sha1:/, ''),
  'a thumbprint',
)

/** Certificates are numbered in their names, as on the original: `Stored0ApiTls`. */
export const storedCertificates = mapped(
  list(
    'StoredCertificates',
    record('StoredCertificate', {
      name: attribute(text('name')),
      thumbprint: attribute(certificateId),
      storeName: attribute(text('storeName')),
      level: attribute(oneOf('configurationLevel', ['System', 'User'])),
    }),
  ),
  (certificates: StoredCertificates) =>
    certificates.map((one, index) => ({ ...one, name: storedPrefix(index) + one.name })),
  (found): StoredCertificates =>
    found.map((one, index) => ({ ...one, name: one.name.slice(storedPrefix(index).length) })),
)

function storedPrefix(index: number): string {
  return `Stored${index}`
}

/** Fixed content: every role of Reddog runs with full trust. */
export const hostingEnvironmentSettings = saidElement(
  xml('HostingEnvironmentSettings', { name: 'full', Runtime: '' }, [
    xml('CAS', { mode: 'full' }),
    xml('PrivilegeLevel', { mode: 'max' }),
    xml('AdditionalProperties', {}, xml('CgiHandlers')),
  ]),
)

export const applicationSettings = dictionary('ApplicationSettings', 'Setting')

/** `sticky` means not cleared when the role is recycled; sizes are in MB (wire-server.md 6.1). */
const sticky = scalar(
  'sticky',
  (cleanOnRoleRecycle: boolean) => String(!cleanOnRoleRecycle),
  (found) => {
    const isSticky = parseBoolean(found)
    return isSticky === undefined ? undefined : !isSticky
  },
  'true or false',
  [true, false],
)

export const resourceReferences = list(
  'ResourceReferences',
  record('Resource', {
    name: attribute(text('name')),
    type: saidAttribute('type', 'directory'),
    request: saidAttribute('request', 'LocalStorage'),
    cleanOnRoleRecycle: attribute(sticky),
    sizeInMB: attribute(count('size')),
    path: attribute(text('path')),
    disableQuota: saidAttribute('disableQuota', false),
  }),
)
