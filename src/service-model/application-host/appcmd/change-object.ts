import type { Element } from '../../../kernel/xml.ts'
import type { SectionSchema } from '../../web-config/schema.ts'
import { changeBelow, newElement } from '../change-document.ts'
import { type Answer, said } from './answer.ts'
import { changeElement } from './change-element.ts'
import { application, pool, site, virtualDirectory } from './host-sections.ts'
import { isSame } from './list.ts'
import { isName, valueOf } from './named-parameter.ts'
import { type HostObject, type Kind, objectsOf } from './objects.ts'
import { type Change, dotted } from './read-parameter.ts'
import type { Command } from './read-words.ts'
import { cannotFind, codes, Refusal } from './refusal.ts'

const schemas: Readonly<Record<Kind, SectionSchema>> = {
  SITE: site,
  APP: application,
  VDIR: virtualDirectory,
  APPPOOL: pool,
}

/** The objects that a command names: by its identifier, by `/apppool.name:X`, or, with `/in`, those of a list. */
export function objectsNamed(
  root: Element,
  kind: Kind,
  { verb, identifier, changes }: Command,
  listed: readonly string[] | undefined,
): readonly HostObject[] {
  const names = listed ?? [identifier ?? valueOf(changes, `${kind.toLowerCase()}.name`)]
  return names.map((name) => {
    if (name === undefined)
      throw new Refusal(
        codes.badParameter,
        `Must use exact identifer for ${kind} object with verb ${verb.toUpperCase()}.`,
      )
    const found = objectsOf(root, kind).find((one) => isSame(one.name, name))
    if (!found) throw cannotFind(kind, name)
    return found
  })
}

/** `set`. */
export function setObjects(
  root: Element,
  objects: readonly HostObject[],
  { changes }: Pick<Command, 'changes'>,
): Answer {
  const wanted = changes.filter((change) => !isName(change))
  const changed = objects.reduce(
    (now, { kind, element }) =>
      replaced(
        now,
        element,
        wanted.reduce((one, change) => changeObject(one, kind, change), element),
      ),
    root,
  )
  return { ...said(objects.map(({ kind, name }) => `${kind} object "${name}" changed`)), root: changed }
}

/** `delete`; the content of an object is deleted with it. */
export function deleteObjects(root: Element, objects: readonly HostObject[]): Answer {
  const changed = objects.reduce((now, { element }) => replaced(now, element, undefined), root)
  return { ...said(objects.map(({ kind, name }) => `${kind} object "${name}" deleted`)), root: changed }
}

/** One of an object, by the table of its kind. Throws a Refusal. */
export function changeObject(element: Element, kind: Kind, change: Change): Element {
  if (kind === 'SITE' && dotted(change.steps)?.toLowerCase() === 'bindings' && change.value !== undefined)
    return withBindings(element, change.value)
  return changeElement(element, { schema: schemas[kind], inherits: false }, change)
}

/** `http/10.0.0.4:80:,https/10.0.0.4:443:www`: all bindings of the site. */
function withBindings(element: Element, text: string): Element {
  const bindings = text.split(',').map((one) => {
    const [, protocol, bindingInformation] = /^([\w.]+)\/(.+)$/.exec(one) ?? []
    if (protocol === undefined || bindingInformation === undefined)
      throw new Refusal(codes.badParameter, `The binding "${one}" is none; it is protocol/address:port:host.`)
    return newElement('binding', { protocol, bindingInformation })
  })
  return changeBelow(element, ['bindings'], (found) => ({ ...found, children: bindings }))
}

/** The tree with one of its elements in another state, or without it. */
export function replaced(root: Element, wanted: Element, made: Element | undefined): Element {
  const children = root.children.flatMap((child) => {
    if (child !== wanted) return [replaced(child, wanted, made)]
    return made ? [made] : []
  })
  return children.length === root.children.length && children.every((child, index) => child === root.children[index])
    ? root
    : { ...root, children }
}
