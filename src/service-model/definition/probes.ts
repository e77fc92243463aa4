import type { Element } from '../../kernel/xml.ts'
import type { LoadBalancerProbe } from '../definition.ts'
import { choice, integer, text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'
import { anyPort } from './ports.ts'

/** Seconds between two probes, and of silence before an instance is out (2.2, L-3). The most is our choice: a day. */
const interval = { min: 5, max: 86_400, usual: 15 } as const
const timeout = { min: 11, max: 86_400, usual: 31 } as const

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
  return placed(notes, element, {
    name,
    protocol,
    ...(path && { path }),
    ...(port !== undefined && { port: integer(notes, element, 'port', anyPort) }),
    intervalInSeconds: integer(notes, element, 'intervalInSeconds', interval, interval.usual),
    timeoutInSeconds: integer(notes, element, 'timeoutInSeconds', timeout, timeout.usual),
  })
}
