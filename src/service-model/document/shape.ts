import type { Element } from '../../kernel/xml.ts'
import { fault, type Notes, warn } from './notes.ts'

/** The possible content of an element. Names are case-sensitive, order is free (service-model.md 1). */
interface Shape {
  readonly attributes?: readonly string[]
  readonly once?: readonly string[]
  readonly many?: readonly string[]
}

/** Notes unknown attributes and children, and containers that occur twice. Other namespaces are passed over. */
export function checkShape(notes: Notes, element: Element, { attributes = [], once = [], many = [] }: Shape): void {
  for (const name of Object.keys(element.attributes))
    if (!name.startsWith('{') && !attributes.includes(name))
      unknown(notes, element, `attribute ${name} on ${element.local}`, nearest(name, attributes))
  const seen = new Set<string>()
  for (const child of own(notes, element)) {
    if (!once.includes(child.local) && !many.includes(child.local))
      unknown(notes, child, `element ${child.local} in ${element.local}`, nearest(child.local, [...once, ...many]))
    if (once.includes(child.local) && seen.has(child.local))
      fault(notes, child, `element ${child.local} occurs twice in ${element.local}; put everything into the first.`)
    seen.add(child.local)
  }
}

/** The first child of that name in the document's own namespace. */
export function one(notes: Notes, element: Element | undefined, local: string): Element | undefined {
  return many(notes, element, local)[0]
}

/** All children of that name in the document's own namespace, as written. */
export function many(notes: Notes, element: Element | undefined, local: string): readonly Element[] {
  return element ? own(notes, element).filter((child) => child.local === local) : []
}

function own(notes: Notes, element: Element): readonly Element[] {
  return element.children.filter((child) => child.namespace === notes.namespace)
}

function unknown(notes: Notes, where: Element, what: string, meant: string | undefined): void {
  const note = notes.lenient ? warn : fault
  note(notes, where, `unknown ${what}${meant ? `; it is spelled ${meant}` : ''}.`)
}

function nearest(name: string, known: readonly string[]): string | undefined {
  return known.find((candidate) => candidate.toLowerCase() === name.toLowerCase())
}
