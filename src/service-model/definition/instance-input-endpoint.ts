import type { Element } from '../../kernel/xml.ts'
import type { InstanceInputEndpoint } from '../definition.ts'
import { choice, integer, text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, one } from '../document/shape.ts'
import { idleTimeoutMinutes } from './input-endpoint.ts'
import { anyPort, readPortRange } from './ports.ts'

/** An endpoint with one public port for each instance (2.4). */
export function readInstanceInputEndpoint(notes: Notes, element: Element): InstanceInputEndpoint {
  checkShape(notes, element, {
    attributes: ['name', 'protocol', 'localPort', 'idleTimeoutInMinutes'],
    once: ['AllocatePublicPortFrom'],
  })
  const name = text(notes, element, 'name')
  const allocation = one(notes, element, 'AllocatePublicPortFrom')
  if (allocation) checkShape(notes, allocation, { once: ['FixedPortRange'] })
  const range = one(notes, allocation, 'FixedPortRange')
  if (!range)
    fault(notes, element, `InstanceInputEndpoint ${name} needs AllocatePublicPortFrom with one FixedPortRange.`)
  return placed(notes, element, {
    name,
    protocol: choice(notes, element, 'protocol', ['tcp', 'udp']),
    localPort: integer(notes, element, 'localPort', anyPort),
    publicPorts: range ? readPortRange(notes, range) : anyPort,
    idleTimeoutInMinutes: integer(notes, element, 'idleTimeoutInMinutes', idleTimeoutMinutes, idleTimeoutMinutes.min),
  })
}
