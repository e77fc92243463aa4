import { type Content, type Element, type Markup, xml } from '../xml.ts'
import type { Attribute, Attributes, Group, Part, Said, Shape, Tag } from './description.ts'
import type { RecordOf } from './parts.ts'
import { childFor, childrenFor, Misfit } from './tag.ts'

/** An element with parts. Its elements are read in any order; if one is repeated, the last counts. */
export function record<const S extends Shape>(name: string, shape: S, fixed: Attributes = {}): Tag<RecordOf<S>> {
  return {
    kind: 'element',
    name,
    write: (value, attributes) => markupOf(name, shape, value, { ...attributes, ...fixed }),
    read: (element) => Object.fromEntries(valuesIn(element, shape)) as RecordOf<S>,
    inside: { kind: 'record', shape },
  }
}

type Values = Readonly<Record<string, unknown>>

/** The part of an element written so far. */
interface Sheet {
  readonly attributes: Record<string, string | number | boolean | undefined>
  readonly content: Content[]
}

function markupOf(name: string, shape: Shape, values: Values, outer: Attributes): Markup {
  const sheet = sheetOf(shape, values, outer)
  return xml(name, sheet.attributes, sheet.content)
}

function sheetOf(shape: Shape, values: Values, outer: Attributes = {}): Sheet {
  const sheet: Sheet = { attributes: { ...outer }, content: [] }
  for (const [key, part] of Object.entries(shape)) put(sheet, part, values[key], values)
  return sheet
}

function put({ attributes, content }: Sheet, part: Part, value: unknown, all: Values): void {
  switch (part.kind) {
    case 'element':
      content.push(part.write(value))
      break
    case 'attribute':
      attributes[part.name] = part.format(value)
      break
    case 'each':
      content.push((value as readonly unknown[]).map((one) => part.item.write(one)))
      break
    case 'group':
      content.push(groupMarkup(part, all))
      break
    case 'said': {
      const said = (part as Said<unknown>).of(all)
      if (part.attribute === undefined) content.push(said)
      else attributes[part.attribute] = said as string | undefined
    }
  }
}

function groupMarkup({ name, shape, isOptional }: Group<Shape>, values: Values): Markup | undefined {
  const { attributes, content } = sheetOf(shape, values)
  const isEmpty = [...Object.values(attributes), ...content].every((one) => one === undefined)
  return isOptional && isEmpty ? undefined : xml(name, attributes, content)
}

function* valuesIn(element: Element, shape: Shape): Generator<readonly [string, unknown]> {
  for (const [key, part] of Object.entries(shape))
    if (part.kind === 'element') yield [key, readIn(element, part)]
    else if (part.kind === 'attribute') yield [key, readAttribute(element, part)]
    else if (part.kind === 'each') yield [key, childrenFor(element, part.item).map((one) => part.item.read(one))]
    else if (part.kind === 'group') yield* valuesIn(groupIn(element, part), part.shape)
}

function readIn(parent: Element, tag: Tag<unknown>): unknown {
  const found = childFor(parent, tag)
  if (found) return tag.read(found)
  if (tag.absent) return tag.absent()
  throw new Misfit(`The element ${parent.local} has no ${tag.name}. Add it.`, parent.line)
}

function readAttribute(element: Element, { name, read, isOptional }: Attribute<unknown>): unknown {
  const text = element.attributes[name]
  if (text !== undefined) return read(text, element.line)
  if (isOptional) return undefined
  throw new Misfit(`The element ${element.local} has no attribute ${name}. Add it.`, element.line)
}

function groupIn(parent: Element, { name, isOptional }: Group<Shape>): Element {
  const found = childFor(parent, { name })
  if (found) return found
  if (!isOptional) throw new Misfit(`The element ${parent.local} has no ${name}. Add it.`, parent.line)
  return { ...parent, local: name, attributes: {}, children: [], text: '' }
}
