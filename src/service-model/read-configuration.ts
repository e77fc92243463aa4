import type { Element } from '../kernel/xml.ts'
import { readNetwork } from './configuration/network.ts'
import { readRoleConfiguration } from './configuration/role.ts'
import type { ServiceConfiguration } from './configuration.ts'
import { flag, integer, text } from './document/attributes.ts'
import { concluded, fault, type Notes, notesOn, warn } from './document/notes.ts'
import { readRoot } from './document/root.ts'
import { checkShape, many, one } from './document/shape.ts'
import { configurationNamespace } from './namespaces.ts'
import { osFamilies } from './operating-systems.ts'
import type { Reading } from './reading.ts'

/** Windows Server 2008 SP2, the first guest OS family, when the file has none (3.1). */
const firstOsFamily = 1

/** A service configuration (.cscfg), validated by itself (service-model.md 3); `matchConfiguration` holds it against a definition. */
export function readConfiguration(
  source: string,
  options: { readonly file?: string } = {},
): Reading<ServiceConfiguration> {
  const notes = notesOn(options.file ?? 'ServiceConfiguration.cscfg', configurationNamespace)
  const root = readRoot(notes, source, 'ServiceConfiguration')
  if (!root) return concluded(notes)
  checkShape(notes, root, {
    attributes: ['serviceName', 'osFamily', 'osVersion', 'schemaVersion'],
    once: ['NetworkConfiguration', 'GuestAgentSettings'],
    many: ['Role'],
  })
  return concluded(notes, {
    serviceName: text(notes, root, 'serviceName'),
    osFamily: integer(notes, root, 'osFamily', { min: firstOsFamily, max: osFamilies.length }, firstOsFamily),
    osVersion: root.attributes['osVersion'] || '*',
    roles: readRoles(notes, root),
    cleanupFirewallOnRoleRestart: readCleanup(notes, root),
    network: readNetwork(notes, root),
  })
}

function readRoles(notes: Notes, root: Element): ServiceConfiguration['roles'] {
  const seen = new Set<string>()
  return many(notes, root, 'Role').map((element) => {
    const role = readRoleConfiguration(notes, element)
    if (seen.has(role.name)) fault(notes, element, `two roles are called ${role.name}; keep one.`)
    seen.add(role.name)
    return role
  })
}

function readCleanup(notes: Notes, root: Element): boolean {
  const element = one(notes, root, 'GuestAgentSettings')
  if (!element) return true
  checkShape(notes, element, { attributes: ['cleanupFirewallOnRoleRestart', 'allowRoleProcessLocalDumps'] })
  const isCleaned = flag(notes, element, 'cleanupFirewallOnRoleRestart', true)
  if (!isCleaned)
    warn(
      notes,
      element,
      'cleanupFirewallOnRoleRestart="false" is accepted and not done: guests have no firewall of their own.',
    )
  if (flag(notes, element, 'allowRoleProcessLocalDumps', false))
    warn(
      notes,
      element,
      'allowRoleProcessLocalDumps="true" is accepted and not done: no dumps of role processes are kept.',
    )
  return isCleaned
}
