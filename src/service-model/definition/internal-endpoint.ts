import type { Element } from '../../kernel/xml.ts'
import type { InternalEndpoint, PortRange } from '../definition.ts'
import { choice, integer, text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, many } from '../document/shape.ts'
import { anyPort, readPortRange } from './ports.ts'

/** An endpoint from instance to instance: a fixed port, a range, or one free port for each instance (2.4). */
export function readInternalEndpoint(notes: Notes, element: Element): InternalEndpoint {
  checkShape(notes, element, { attributes: ['name', 'protocol', 'port'], many: ['FixedPort', 'FixedPortRange'] })
  const name = text(notes, element, 'name')
  const protocol = choice(notes, element, 'protocol', ['http', 'tcp', 'udp', 'any'])
  const ranges = readRanges(notes, element)
  if (ranges.length > 1)
    fault(notes, element, `InternalEndpoint ${name} says its port more than once; keep one port, FixedPort or range.`)
  if (protocol === 'any' && (ranges.length > 0 || element.attributes['port'] !== undefined))
    fault(notes, element, `InternalEndpoint ${name} has protocol any, which means every port; leave the ports out.`)
  return placed(notes, element, { name, protocol, ...(ranges[0] && { range: ranges[0] }) })
}

function readRanges(notes: Notes, element: Element): readonly PortRange[] {
  const written = element.attributes['port']
  return [
    ...(written === undefined || written === '*' ? [] : [readSinglePort(notes, element)]),
    ...many(notes, element, 'FixedPort').map((fixed) => {
      checkShape(notes, fixed, { attributes: ['port'] })
      return readSinglePort(notes, fixed)
    }),
    ...many(notes, element, 'FixedPortRange').map((range) => readPortRange(notes, range)),
  ]
}

function readSinglePort(notes: Notes, element: Element): PortRange {
  const port = integer(notes, element, 'port', anyPort)
  return { min: port, max: port }
}
