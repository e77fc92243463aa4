import type { Element } from '../../kernel/xml.ts'
import { brief } from '../document/bounds.ts'
import { fault, type Notes, warn } from '../document/notes.ts'
import { type PartOf, sectionIn } from './config-source.ts'
import type { AttributeSchema, CollectionSchema, Scalar, SectionSchema } from './schema.ts'

/** The settings of one file for a section: only what is written there. */
export interface Layer {
  readonly file: string
  readonly line: number
  readonly attributes: Readonly<Record<string, Scalar>>
  readonly elements: Readonly<Record<string, Layer>>
  readonly steps: readonly Step[]
}

/** One change of a collection, in the order of the file. Keys are in lower case. */
export type Step =
  | { readonly kind: 'add'; readonly key: string; readonly item: Layer }
  | { readonly kind: 'remove'; readonly key: string; readonly line: number }
  | { readonly kind: 'clear' }

/** Reads a section by its schema, where it is written; without content when nobody can look there. */
export function readSection(notes: Notes, element: Element, schema: SectionSchema, partOf: PartOf | undefined): Layer {
  const written = sectionIn(notes, element, partOf)
  if (written) return readLayer(written.notes, written.element, schema)
  return { file: notes.file, line: element.line, attributes: {}, elements: {}, steps: [] }
}

/** Reads an element by its schema; each thing that does not fit is a fault with its line (I-59). */
export function readLayer(notes: Notes, element: Element, schema: SectionSchema, isItem = false): Layer {
  const elements: Record<string, Layer> = {}
  const steps: Step[] = []
  for (const child of element.children) {
    const inner = Object.hasOwn(schema.elements, child.local) ? schema.elements[child.local] : undefined
    if (inner && !Object.hasOwn(elements, child.local)) elements[child.local] = readLayer(notes, child, inner)
    else if (inner) fault(notes, child, `${child.local} occurs twice in ${element.local}.`)
    else {
      const step = schema.collection && readStep(notes, child, schema.collection)
      if (step) steps.push(step)
      else unknown(notes, schema, child, `element ${brief(child.local)} in ${element.local}`)
    }
  }
  return {
    file: notes.file,
    line: element.line,
    attributes: readAttributes(notes, element, schema, isItem),
    elements,
    steps,
  }
}

function readAttributes(
  notes: Notes,
  element: Element,
  schema: SectionSchema,
  isItem: boolean,
): Readonly<Record<string, Scalar>> {
  const { attributes: written } = element
  const values: Record<string, Scalar> = {}
  for (const [name, found] of Object.entries(written)) {
    // Attributes of other namespaces are transformations of builds (`xdt:Transform`), and locks are nobody's here (I-59).
    if (name.startsWith('{') || /^lock(?:Item|(?:All)?(?:Attributes|Elements)(?:Except)?)$/.test(name)) continue
    const attribute: AttributeSchema<Scalar> | undefined = Object.hasOwn(schema.attributes, name)
      ? schema.attributes[name]
      : undefined
    const value = attribute?.read(found)
    if (!attribute) unknown(notes, schema, element, `attribute ${brief(name)} on ${element.local}`)
    else if (value === undefined)
      fault(notes, element, `${name} of ${element.local} is ${attribute.wanted}; found "${brief(found)}".`)
    else values[name] = value
  }
  // Required parts of a section may be in a file above; an item is whole where it is added.
  for (const [name, { fallback, wanted }] of isItem ? Object.entries(schema.attributes) : [])
    if (!fallback && !Object.hasOwn(written, name))
      fault(notes, element, `${element.local} needs the attribute ${name}: ${wanted}.`)
  return values
}

function unknown(notes: Notes, schema: SectionSchema, where: Element, what: string): void {
  if (schema.manyVersions) warn(notes, where, `unknown ${what}, which is passed over.`)
  else fault(notes, where, `unknown ${what}.`)
}

function readStep(notes: Notes, element: Element, { item, schema, key }: CollectionSchema): Step | undefined {
  if (element.local === 'clear') return { kind: 'clear' }
  if (element.local === item) {
    const layer = readLayer(notes, element, schema, true)
    return { kind: 'add', key: keyOf(layer.attributes, schema, key), item: layer }
  }
  if (element.local !== 'remove') return undefined
  const named = keysOf(schema, key)
  const { attributes } = readLayer(notes, element, named, true)
  return { kind: 'remove', key: keyOf(attributes, schema, key), line: element.line }
}

/** The possible content of a `remove`: only the key. */
function keysOf(schema: SectionSchema, key: readonly string[]): SectionSchema {
  const attributes = Object.entries(schema.attributes).filter(([name]) => key.includes(name))
  return { attributes: Object.fromEntries(attributes), elements: {} }
}

function keyOf(
  values: Readonly<Record<string, Scalar>>,
  { attributes }: SectionSchema,
  key: readonly string[],
): string {
  return JSON.stringify(
    key.map((name) => String(values[name] ?? attributes[name]?.fallback?.value ?? '').toLowerCase()),
  )
}
