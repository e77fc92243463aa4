import { own } from '../../../kernel/own.ts'
import type { Element } from '../../../kernel/xml.ts'
import type { CollectionSchema, SectionSchema } from '../../web-config/schema.ts'
import { changeChild, newElement } from '../change-document.ts'
import type { Change, Step } from './read-parameter.ts'
import { codes, Refusal } from './refusal.ts'

/** The possible content of an element, where that is known. */
export interface Known {
  readonly schema?: SectionSchema | undefined
  /** Whether an item missing in the file may still exist: a `remove` or `clear` then states that it is to be removed. */
  readonly inherits: boolean
}

type Item = Step & { readonly kind: 'item' }

/** The element after a change of its content; names get the spelling of their schema. Throws a Refusal. */
export function changeElement(element: Element, known: Known, change: Change, steps = change.steps): Element {
  const [step, ...rest] = steps
  if (step === undefined) return emptied(element, known)
  if (step.kind === 'item') return changeItem(element, known, { step, rest, change })
  if (rest.length === 0 && change.kind !== 'clear' && change.value !== undefined)
    return { ...element, attributes: { ...element.attributes, ...attribute(known, step.name, change.value) } }
  const name = elementName(element, known, step.name)
  if (name === undefined && rest.length === 0) return withoutAttribute(element, known, step.name)
  if (name === undefined) throw unknownAttribute(step.name)
  const inner = { ...known, schema: own(known.schema?.elements, name) }
  return changeChild(
    element,
    ({ local }) => local === name,
    newElement(name),
    (child) =>
      rest.length === 0 && change.kind === 'set' ? refuse(step.name) : changeElement(child, inner, change, rest),
  )
}

function refuse(name: string): never {
  throw new Refusal(codes.badParameter, `The parameter "${name}" must have a value.`)
}

function unknownAttribute(name: string): Refusal {
  return new Refusal(codes.badParameter, `Unknown attribute "${name}".  Replace with -? for help.`)
}

/** The element of that name, in any case. Without a schema, a name is an element unless it is an attribute. */
function elementName({ attributes, children }: Element, { schema }: Known, name: string): string | undefined {
  const among = (names: readonly string[]) => names.find((one) => one.toLowerCase() === name.toLowerCase())
  if (schema && !schema.manyVersions) return among(Object.keys(schema.elements))
  const known = among([...Object.keys(schema?.elements ?? {}), ...children.map(({ local }) => local)])
  return known ?? (among(Object.keys(attributes)) === undefined ? name : undefined)
}

/** An attribute in the spelling and form in which it is stored. */
export function attribute({ schema }: Known, name: string, value: string): Readonly<Record<string, string>> {
  const names = Object.keys(schema?.attributes ?? {})
  const spelled = names.find((one) => one.toLowerCase() === name.toLowerCase())
  const read = spelled === undefined ? undefined : schema?.attributes[spelled]
  if (spelled === undefined || !read) {
    if ((schema && !schema.manyVersions) || !/^[A-Za-z_][\w.-]*$/.test(name)) throw unknownAttribute(name)
    return { [name]: value }
  }
  const found = read.read(value)
  if (found === undefined)
    throw new Refusal(codes.badParameter, `The attribute "${spelled}" is ${read.wanted}; found "${value}".`)
  return { [spelled]: typeof found === 'number' ? value.trim() : String(found) }
}

function withoutAttribute(element: Element, { schema }: Known, name: string): Element {
  const same = (one: string) => one.toLowerCase() === name.toLowerCase()
  if (schema && !schema.manyVersions && !Object.keys(schema.attributes).some(same)) throw unknownAttribute(name)
  const kept = Object.entries(element.attributes).filter(([one]) => !same(one))
  return { ...element, attributes: Object.fromEntries(kept) }
}

function emptied(element: Element, { schema, inherits }: Known): Element {
  return newElement(element.local, {}, inherits && schema?.collection ? [newElement('clear')] : [])
}

/** Of a section without a schema. */
const looseItem: CollectionSchema = {
  item: 'add',
  schema: { attributes: {}, elements: {}, manyVersions: true },
  key: [],
  first: false,
}

function changeItem(
  element: Element,
  known: Known,
  { step, rest, change }: { readonly step: Item; readonly rest: readonly Step[]; readonly change: Change },
): Element {
  const collection = known.schema && !known.schema.manyVersions ? known.schema.collection : looseOf(known, step)
  if (!collection) throw new Refusal(codes.badParameter, `"${element.local}" is not a collection.`)
  const inner = { ...known, schema: collection.schema }
  const wanted = Object.assign({}, ...step.attributes.map(([name, value]) => attribute(inner, name, value)))
  if (rest.length === 0 && change.kind === 'add') return withItem(element, collection, wanted, step.at)
  const found = element.children.find((child) => child.local === collection.item && has(child, wanted, collection))
  if (found && rest.length > 0)
    return changeChild(
      element,
      (child) => child === found,
      found,
      (item) => changeElement(item, inner, change, rest),
    )
  if (change.kind === 'set') throw found ? unknownAttribute(element.local) : noSuchElement()
  if (found) return { ...element, children: element.children.filter((child) => child !== found) }
  if (rest.length > 0 || !known.inherits || !isKey(wanted, collection)) throw noSuchElement()
  return { ...element, children: [...element.children, newElement('remove', wanted)] }
}

function looseOf({ schema }: Known, { attributes: [first] }: Item): CollectionSchema {
  return schema?.collection ?? { ...looseItem, key: first ? [first[0]] : [] }
}

function noSuchElement(): Refusal {
  return new Refusal(codes.noSuchElement, 'Cannot find requested collection element.')
}

/** Whether an item has those values, case ignored; missing values are the defaults. */
function has(item: Element, wanted: Readonly<Record<string, string>>, { schema }: CollectionSchema): boolean {
  const valueOf = (name: string) => own(item.attributes, name) ?? defaultOf(schema, name)
  return Object.entries(wanted).every(([name, value]) => valueOf(name).toLowerCase() === value.toLowerCase())
}

function defaultOf({ attributes }: SectionSchema, name: string): string {
  return String(own(attributes, name)?.fallback?.value ?? '')
}

function isKey(wanted: Readonly<Record<string, string>>, { key }: CollectionSchema): boolean {
  return key.length > 0 && Object.keys(wanted).every((name) => key.includes(name))
}

function withItem(
  element: Element,
  collection: CollectionSchema,
  attributes: Readonly<Record<string, string>>,
  at = 'end',
): Element {
  const { item, schema, key } = collection
  const absent = Object.entries(schema.attributes).find(
    ([name, { fallback }]) => !fallback && !Object.hasOwn(attributes, name),
  )
  if (absent) throw new Refusal(codes.badParameter, `New ${item} object missing required attributes: ${absent[0]}.`)
  const wanted = Object.fromEntries(key.map((name) => [name, own(attributes, name) ?? defaultOf(schema, name)]))
  const items = element.children.filter(({ local }) => local === item)
  if (key.length > 0 && items.some((one) => has(one, wanted, collection)))
    throw new Refusal(codes.exists, `New ${item} object missing required attributes. ${duplicate(item, wanted)}`)
  const place = at === 'start' ? items[0] : items[Number(at)]
  const index = place ? element.children.indexOf(place) : element.children.length
  return { ...element, children: element.children.toSpliced(index, 0, newElement(item, attributes)) }
}

/** The words by which scripts recognise that they have run before. */
function duplicate(item: string, key: Readonly<Record<string, string>>): string {
  const [names, values] = [Object.keys(key).join(', '), Object.values(key).join(', ')]
  return Object.keys(key).length === 1
    ? `Cannot add duplicate collection entry of type '${item}' with unique key attribute '${names}' set to '${values}'`
    : `Cannot add duplicate collection entry of type '${item}' with combined key attributes '${names}' respectively set to '${values}'`
}
