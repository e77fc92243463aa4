import type { Element } from '../../kernel/xml.ts'
import type { PortRange } from '../definition.ts'
import { integer } from '../document/attributes.ts'
import { fault, type Notes } from '../document/notes.ts'
import { checkShape } from '../document/shape.ts'

/** Every port that TCP and UDP have. */
export const anyPort: PortRange = { min: 1, max: 65_535 }

/** `FixedPortRange@min`, `@max` (2.4). */
export function readPortRange(notes: Notes, element: Element): PortRange {
  checkShape(notes, element, { attributes: ['min', 'max'] })
  const range = { min: integer(notes, element, 'min', anyPort), max: integer(notes, element, 'max', anyPort) }
  if (range.min > range.max)
    fault(notes, element, `FixedPortRange has min ${range.min} above max ${range.max}; exchange them.`)
  return range
}
