import type { Element } from '../../kernel/xml.ts'
import type { InputEndpoint } from '../definition.ts'
import { choice, flag, integer, text, wholeNumber } from '../document/attributes.ts'
import { brief } from '../document/bounds.ts'
import { fault, type Notes, placed, warn } from '../document/notes.ts'
import { checkShape } from '../document/shape.ts'
import { anyPort } from './ports.ts'

/** Minutes without traffic after which the load balancer forgets a connection: least and most (L-9). */
export const idleTimeoutMinutes = { min: 4, max: 30 } as const

/** A load-balanced, public endpoint (2.4). */
export function readInputEndpoint(notes: Notes, element: Element): InputEndpoint {
  checkShape(notes, element, {
    attributes: [
      'name',
      'protocol',
      'port',
      'localPort',
      'certificate',
      'ignoreRoleInstanceStatus',
      'loadBalancerProbe',
      'loadBalancer',
      'idleTimeoutInMinutes',
      'loadBalancerDistribution',
    ],
  })
  const { certificate, loadBalancerProbe, loadBalancer } = element.attributes
  const name = text(notes, element, 'name')
  const protocol = choice(notes, element, 'protocol', ['http', 'https', 'tcp', 'udp'])
  const port = integer(notes, element, 'port', anyPort)
  if (protocol === 'https' && !certificate)
    fault(notes, element, `InputEndpoint ${name} is https and needs a certificate; name a Certificate of its role.`)
  return placed(notes, element, {
    name,
    protocol,
    port,
    localPort: readLocalPort(notes, element, name, port),
    ...(certificate && { certificate }),
    ignoreRoleInstanceStatus: flag(notes, element, 'ignoreRoleInstanceStatus', false),
    ...(loadBalancerProbe && { loadBalancerProbe }),
    ...(loadBalancer && { loadBalancer }),
    idleTimeoutInMinutes: integer(notes, element, 'idleTimeoutInMinutes', idleTimeoutMinutes, idleTimeoutMinutes.min),
    loadBalancerDistribution: choice(
      notes,
      element,
      'loadBalancerDistribution',
      ['sourceIP', 'sourceIPProtocol', 'none'],
      'none',
    ),
  })
}

function readLocalPort(notes: Notes, element: Element, name: string, port: number): number | '*' {
  const written = element.attributes['localPort']
  if (written === '*') return '*'
  // A real definition has 555555. Nobody outside depends on a local port, so any free one serves.
  if (written !== undefined && wholeNumber(written) > anyPort.max) {
    warn(
      notes,
      element,
      `InputEndpoint ${name} has localPort ${brief(written)}, which is no port; it gets any free one.`,
    )
    return '*'
  }
  return integer(notes, element, 'localPort', anyPort, port)
}
