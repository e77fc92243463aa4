import type { Element } from '../../../kernel/xml.ts'
import type { SectionSchema } from '../../web-config/schema.ts'
import { changeBelow, newElement } from '../change-document.ts'
import { type Answer, said } from './answer.ts'
import { attribute, changeElement } from './change-element.ts'
import { application, pool, site, virtualDirectory } from './host-sections.ts'
import { isSame } from './list.ts'
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
        wanted.reduce((one, change) => set(one, kind, change), element),
      ),
    root,
  )
  return { ...said(objects.map(({ kind, name }) => `${kind} object "${name}" changed`)), root: changed }
}

/** `delete`; what is in an object goes with it. */
export function deleteObjects(root: Element, objects: readonly HostObject[]): Answer {
  const changed = objects.reduce((now, { element }) => replaced(now, element, undefined), root)
  return { ...said(objects.map(({ kind, name }) => `${kind} object "${name}" deleted`)), root: changed }
}

/** `/site.name:X` and the like say which object it is. */
function isName({ kind, steps }: Change): boolean {
  return kind === 'set' && /^(?:site|app|vdir|apppool)\.name$/i.test(dotted(steps) ?? '')
}

function set(element: Element, kind: Kind, change: Change): Element {
  if (kind === 'SITE' && dotted(change.steps)?.toLowerCase() === 'bindings' && change.value !== undefined)
    return withBindings(element, change.value)
  return changeElement(element, { schema: schemas[kind], inherits: false }, change)
}

/** `http/*:80:,https/*:443:www`: all bindings of the site. */
function withBindings(element: Element, text: string): Element {
  const bindings = text.split(',').map((one) => {
    const [, protocol, bindingInformation] = /^([\w.]+)\/(.+)$/.exec(one.trim()) ?? []
    if (protocol === undefined || bindingInformation === undefined)
      throw new Refusal(codes.badParameter, `The binding "${one}" is none; it is protocol/address:port:host.`)
    return newElement('binding', { protocol, bindingInformation })
  })
  return changeBelow(element, ['bindings'], (found) => ({ ...found, children: bindings }))
}

/** The tree with one of its elements in another state, or without it. */
function replaced(root: Element, wanted: Element, made: Element | undefined): Element {
  const children = root.children.flatMap((child) => {
    if (child !== wanted) return [replaced(child, wanted, made)]
    return made ? [made] : []
  })
  return children.length === root.children.length && children.every((child, index) => child === root.children[index])
    ? root
    : { ...root, children }
}

/** `add`: a pool, a site with its root application and directory, an application with its root directory, or a directory. */
export function addObject(root: Element, kind: Kind, command: Command): Answer {
  const { changes } = command
  const name = nameOf(kind, command)
  if (objectsOf(root, kind).some((one) => isSame(one.name, name)))
    throw new Refusal(codes.exists, `Failed to add duplicate collection element "${name}".`)
  const used = {
    APPPOOL: ['name'],
    SITE: ['name', 'id', 'physicalpath'],
    APP: ['path', 'physicalpath'],
    VDIR: ['path'],
  }[kind]
  const rest = changes.filter((change) => !isName(change) && !used.includes(dotted(change.steps)?.toLowerCase() ?? ''))
  const made = rest.reduce((one, change) => set(one, kind, change), madeOf(root, kind, command))
  const inner = made.children.filter(({ local }) => local === 'application' || local === 'virtualDirectory')
  return { ...said(addedLines(kind, name, inner)), root: put(root, kind, command, made) }
}

function nameOf(kind: Kind, { changes }: Command): string {
  if (kind === 'SITE' || kind === 'APPPOOL') return needed(changes, 'name')
  const path = needed(changes, 'path')
  return kind === 'APP'
    ? `${needed(changes, 'site.name')}${path}`
    : `${needed(changes, 'app.name').replace(/\/$/, '')}${path}`
}

function madeOf(root: Element, kind: Kind, { changes }: Command): Element {
  const physicalPath = valueOf(changes, 'physicalpath')
  const path = valueOf(changes, 'path') ?? ''
  const directory = physicalPath === undefined ? [] : [newElement('virtualDirectory', { path: '/', physicalPath })]
  switch (kind) {
    case 'APPPOOL':
      return newElement('add', { name: needed(changes, 'name') })
    case 'SITE': {
      const ids = objectsOf(root, 'SITE').map((one) => Number(one.attributes['SITE.ID']) || 0)
      const id = valueOf(changes, 'id') ?? String(Math.max(0, ...ids) + 1)
      const applications = physicalPath === undefined ? [] : [newElement('application', { path: '/' }, directory)]
      return newElement(
        'site',
        { name: needed(changes, 'name'), ...attribute({ schema: site, inherits: false }, 'id', id) },
        applications,
      )
    }
    case 'APP':
      return newElement('application', { path }, directory)
    case 'VDIR':
      return newElement('virtualDirectory', { path })
  }
}

function addedLines(kind: Kind, name: string, inner: readonly Element[]): readonly string[] {
  const lines = [`${kind} object "${name}" added`]
  if (inner.length === 0 || kind === 'VDIR' || kind === 'APPPOOL') return lines
  const app = kind === 'SITE' ? [`APP object "${name}/" added`] : []
  return [...lines, ...app, `VDIR object "${name.replace(/\/$/, '')}/" added`]
}

function put(root: Element, kind: Kind, { changes }: Command, made: Element): Element {
  const append = (element: Element): Element => ({ ...element, children: [...element.children, made] })
  if (kind === 'APPPOOL') return changeBelow(root, ['system.applicationHost', 'applicationPools'], append)
  if (kind === 'SITE') return changeBelow(root, ['system.applicationHost', 'sites'], append)
  const [above, name] =
    kind === 'APP' ? (['SITE', needed(changes, 'site.name')] as const) : (['APP', needed(changes, 'app.name')] as const)
  const holder = objectsOf(root, above).find((one) => isSame(one.name, name))
  if (!holder) throw cannotFind(above, name)
  return replaced(root, holder.element, append(holder.element))
}

/** The value of a parameter without items, by its name in lower case. */
function valueOf(changes: readonly Change[], name: string): string | undefined {
  return changes.find((change) => change.kind === 'set' && dotted(change.steps)?.toLowerCase() === name)?.value
}

function needed(changes: readonly Change[], name: string): string {
  const value = valueOf(changes, name)
  if (value === undefined || value === '')
    throw new Refusal(codes.badParameter, `The parameter "${name}" must be specified.`)
  return value
}
