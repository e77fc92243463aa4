import type { Element } from '../../kernel/xml.ts'
import type { ConfiguredCertificate, RoleConfiguration } from '../configuration.ts'
import { choice, integer, text, textOrEmpty } from '../document/attributes.ts'
import { fault, type Notes, placed, warn } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** A host name prefix may not be longer (3.2). */
const longestVmName = 10

/** Instances of a role: no subscription had more than 10,000 cores (Azure subscription limits), and an instance has one or more. */
const instances = { min: 1, max: 10_000 } as const

/** A Role of the configuration, children in any order (3.2). */
export function readRoleConfiguration(notes: Notes, element: Element): RoleConfiguration {
  checkShape(notes, element, {
    attributes: ['name', 'vmName'],
    once: ['OsImage', 'Instances', 'ConfigurationSettings', 'Certificates'],
  })
  const name = text(notes, element, 'name')
  const { vmName } = element.attributes
  if (vmName && vmName.length > longestVmName)
    fault(notes, element, `role ${name} has the vmName "${vmName}"; ${longestVmName} characters are the most.`)
  if (vmName)
    warn(
      notes,
      element,
      `the vmName "${vmName}" of role ${name} is accepted and not done: instances have the host name of their machine.`,
    )
  const image = one(notes, element, 'OsImage')
  if (image) fault(notes, image, `role ${name} has an OsImage, which only VM roles had; remove it.`)
  return placed(notes, element, {
    name,
    ...(vmName && { vmName }),
    instances: readInstances(notes, element, name),
    settings: readSettings(notes, element, name),
    certificates: readCertificates(notes, element, name),
  })
}

function readInstances(notes: Notes, role: Element, name: string): number {
  const element = one(notes, role, 'Instances')
  if (!element) fault(notes, role, `role ${name} does not say how many instances it has; add <Instances count="1" />.`)
  if (!element) return 1
  checkShape(notes, element, { attributes: ['count'] })
  return integer(notes, element, 'count', instances)
}

function readSettings(notes: Notes, role: Element, roleName: string): Readonly<Record<string, string>> {
  const container = one(notes, role, 'ConfigurationSettings')
  if (container) checkShape(notes, container, { many: ['Setting'] })
  const settings = new Map<string, string>()
  for (const element of many(notes, container, 'Setting')) {
    checkShape(notes, element, { attributes: ['name', 'value'] })
    const name = text(notes, element, 'name')
    if (settings.has(name)) fault(notes, element, `role ${roleName} has two values of the setting ${name}; keep one.`)
    settings.set(name, textOrEmpty(notes, element, 'value'))
  }
  return Object.fromEntries(settings)
}

function readCertificates(notes: Notes, role: Element, roleName: string): readonly ConfiguredCertificate[] {
  const container = one(notes, role, 'Certificates')
  if (container) checkShape(notes, container, { many: ['Certificate'] })
  const seen = new Set<string>()
  return many(notes, container, 'Certificate').map((element) => {
    checkShape(notes, element, { attributes: ['name', 'thumbprint', 'thumbprintAlgorithm'] })
    const name = text(notes, element, 'name')
    if (seen.has(name)) fault(notes, element, `role ${roleName} has two certificates called ${name}; keep one.`)
    seen.add(name)
    choice(notes, element, 'thumbprintAlgorithm', ['sha1'], 'sha1')
    const thumbprint = text(notes, element, 'thumbprint').toUpperCase()
    if (thumbprint && !/^[0-9A-F]{40}$/.test(thumbprint))
      fault(
        notes,
        element,
        `certificate ${name} of role ${roleName} has the thumbprint "${thumbprint}"; it is 40 hexadecimal digits without spaces.`,
      )
    return placed(notes, element, { name, thumbprint })
  })
}
