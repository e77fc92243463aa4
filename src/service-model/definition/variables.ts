import type { Element } from '../../kernel/xml.ts'
import type { Variable } from '../definition.ts'
import { text, textOrEmpty } from '../document/attributes.ts'
import { fault, type Notes, placed } from '../document/notes.ts'
import { checkShape, many, one } from '../document/shape.ts'

/** `Environment/Variable` of a task or runtime: a value, which may be empty, or one RoleInstanceValue (2.9). */
export function readEnvironment(notes: Notes, holder: Element): readonly Variable[] {
  const container = one(notes, holder, 'Environment')
  if (!container) return []
  checkShape(notes, container, { many: ['Variable'] })
  return many(notes, container, 'Variable').map((element) => readVariable(notes, element))
}

function readVariable(notes: Notes, element: Element): Variable {
  checkShape(notes, element, { attributes: ['name', 'value'], once: ['RoleInstanceValue'] })
  const name = text(notes, element, 'name')
  if (name.includes('='))
    fault(
      notes,
      element,
      `the name of the variable ${name} holds an equals sign, which ends a name in an environment; remove it.`,
    )
  const instanceValue = one(notes, element, 'RoleInstanceValue')
  const value = element.attributes['value']
  if (instanceValue) {
    if (value !== undefined)
      fault(notes, element, `Variable ${name} has both a value and a RoleInstanceValue; keep one of them.`)
    checkShape(notes, instanceValue, { attributes: ['xpath'] })
    return placed(notes, instanceValue, { name, xpath: textOrEmpty(notes, instanceValue, 'xpath') })
  }
  if (value === undefined)
    fault(notes, element, `Variable ${name} has neither a value nor a RoleInstanceValue; give it one of them.`)
  return placed(notes, element, { name, value: value ?? '' })
}
