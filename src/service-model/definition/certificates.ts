import type { Element } from '../../kernel/xml.ts'
import type { CertificateDefinition } from '../definition.ts'
import { choice, text } from '../document/attributes.ts'
import { type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** `Certificates/Certificate` of a role or plug-in (2.5). */
export function readCertificates(notes: Notes, holder: Element): readonly CertificateDefinition[] {
  const container = one(notes, holder, 'Certificates')
  if (!container) return []
  checkShape(notes, container, { many: ['Certificate'] })
  return many(notes, container, 'Certificate').map((element) => {
    checkShape(notes, element, { attributes: ['name', 'storeLocation', 'storeName', 'permissionLevel'] })
    return placed(notes, element, {
      name: text(notes, element, 'name'),
      storeLocation: choice(notes, element, 'storeLocation', ['LocalMachine', 'CurrentUser']),
      storeName: text(notes, element, 'storeName'),
      permissionLevel: choice(
        notes,
        element,
        'permissionLevel',
        ['limitedOrElevated', 'elevated'],
        'limitedOrElevated',
      ),
    })
  })
}
