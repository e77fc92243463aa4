import type { Element } from '../../kernel/xml.ts'
import type { LoadBalancerProbe } from '../definition.ts'
import { choice, integer, text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'
import { anyPort } from './ports.ts'

/** Least and default seconds between two probes, and of silence before an instance is out (2.2, L-3). */
const interval = { least: 5, usual: 15 } as const
const timeout = { least: 11, usual: 31 } as const

/** `LoadBalancerProbes/LoadBalancerProbe` (2.2). */
export function readProbes(notes: Notes, root: Element): readonly LoadBalancerProbe[] {
  const container = one(notes, root, 'LoadBalancerProbes')
  if (!container) return []
  checkShape(notes, container, { many: ['LoadBalancerProbe'] })
  return many(notes, container, 'LoadBalancerProbe').map((element) => readProbe(notes, element))
}

function readProbe(notes: Notes, element: Element): LoadBalancerProbe {
  checkShape(notes, element, {
    attributes: ['name', 'protocol', 'path', 'port', 'intervalInSeconds', 'timeoutInSeconds'],
  })
  const name = text(notes, element, 'name')
  const protocol = choice(notes, element, 'protocol', ['http', 'tcp'])
  const { path, port } = element.attributes
  if (protocol === 'http' && !path)
    fault(notes, element, `LoadBalancerProbe ${name} is http and needs a path that answers 200.`)
  if (protocol === 'tcp' && path !== undefined)
    fault(notes, element, `LoadBalancerProbe ${name} is tcp and cannot have a path; leave it out or use http.`)
  const seconds = (attribute: string, { least, usual }: { least: number; usual: number }) =>
    integer(notes, element, attribute, { min: least, max: Number.MAX_SAFE_INTEGER }, usual)
  return placed(notes, element, {
    name,
    protocol,
    ...(path && { path }),
    ...(port !== undefined && { port: integer(notes, element, 'port', anyPort) }),
    intervalInSeconds: seconds('intervalInSeconds', interval),
    timeoutInSeconds: seconds('timeoutInSeconds', timeout),
  })
}
