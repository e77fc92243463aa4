import type { Element } from '../../kernel/xml.ts'
import type { NetworkConfiguration } from '../configuration.ts'
import { choice, integer, text } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'
import { readSubnet } from '../subnet.ts'

/** Orders of the rules of one access control (3.3). */
const order = { min: 0, max: 65_535 } as const

type AccessControl = NetworkConfiguration['accessControls'][number]

/** `AccessControls/AccessControl` with its rules by ascending order (3.3). */
export function readAccessControls(notes: Notes, network: Element | undefined): readonly AccessControl[] {
  const seen = new Set<string>()
  return many(notes, one(notes, network, 'AccessControls'), 'AccessControl').map((element) => {
    checkShape(notes, element, { attributes: ['name'], many: ['Rule'] })
    const name = text(notes, element, 'name')
    if (seen.has(name)) fault(notes, element, `two access controls are called ${name}.`)
    seen.add(name)
    const rules = many(notes, element, 'Rule').map((rule) => readRule(notes, rule))
    if (rules.length === 0) fault(notes, element, `access control ${name} has no Rule.`)
    checkOrders(notes, name, rules)
    return placed(notes, element, { name, rules: rules.toSorted((one, other) => one.order - other.order) })
  })
}

function readRule(notes: Notes, element: Element): AccessControl['rules'][number] {
  checkShape(notes, element, { attributes: ['order', 'action', 'remoteSubnet', 'description'] })
  const remoteSubnet = text(notes, element, 'remoteSubnet')
  if (remoteSubnet && !readSubnet(remoteSubnet))
    fault(notes, element, `remoteSubnet "${remoteSubnet}" is no subnet such as 10.0.0.0/8 or 2001:db8::/32.`)
  return placed(notes, element, {
    order: integer(notes, element, 'order', order),
    action: choice(notes, element, 'action', ['permit', 'deny']),
    remoteSubnet,
    description: element.attributes['description'] ?? '',
  })
}

function checkOrders(notes: Notes, name: string, rules: AccessControl['rules']): void {
  const seen = new Set<number>()
  for (const rule of rules) {
    if (seen.has(rule.order)) fault(notes, rule, `access control ${name} has two rules of order ${rule.order}.`)
    seen.add(rule.order)
  }
}
