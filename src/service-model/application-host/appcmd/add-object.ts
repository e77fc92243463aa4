import type { Element } from '../../../kernel/xml.ts'
import { changeBelow, elementBelow, newElement } from '../change-document.ts'
import { type Answer, said } from './answer.ts'
import { attribute } from './change-element.ts'
import { changeObject, replaced } from './change-object.ts'
import { site } from './host-sections.ts'
import { isSame } from './list.ts'
import { isName, needed, valueOf } from './named-parameter.ts'
import { type HostObject, type Kind, objectsOf } from './objects.ts'
import { dotted } from './read-parameter.ts'
import type { Command } from './read-words.ts'
import { cannotFind, codes, Refusal } from './refusal.ts'

/** Parameters of `add` that are no attributes of the object itself, or are there from the beginning. */
const used: Readonly<Record<Kind, readonly string[]>> = {
  APPPOOL: ['name'],
  SITE: ['name', 'id', 'physicalpath'],
  APP: ['path', 'physicalpath'],
  VDIR: ['path'],
}

/** `add`: a pool, a site with its root application and directory, an application with its root directory, or a directory. Throws a Refusal. */
export function addObject(root: Element, kind: Kind, command: Command): Answer {
  const { changes } = command
  const name = nameOf(kind, command)
  if (objectsOf(root, kind).some((one) => isSame(one.name, name)))
    throw new Refusal(codes.exists, `Failed to add duplicate collection element "${name}".`)
  const made = changes
    .filter((change) => !isName(change) && !used[kind].includes(dotted(change.steps)?.toLowerCase() ?? ''))
    .reduce((one, change) => changeObject(one, kind, change), madeOf(root, kind, command))
  const holdsMore = made.children.some(({ local }) => local === 'application' || local === 'virtualDirectory')
  return { ...said(addedLines(kind, name, holdsMore)), root: put(root, kind, command, made) }
}

function nameOf(kind: Kind, { changes }: Command): string {
  if (kind === 'SITE' || kind === 'APPPOOL') return needed(changes, 'name')
  const path = needed(changes, 'path')
  return kind === 'APP'
    ? `${needed(changes, 'site.name')}${path}`
    : `${needed(changes, 'app.name').replace(/\/$/, '')}${path}`
}

function madeOf(root: Element, kind: Kind, command: Command): Element {
  const { changes } = command
  const path = valueOf(changes, 'path') ?? ''
  switch (kind) {
    case 'APPPOOL':
      return newElement('add', { name: needed(changes, 'name') })
    case 'SITE':
      return siteOf(root, command)
    case 'APP':
      return applicationOf(root, path, command)
    case 'VDIR':
      return newElement('virtualDirectory', { path })
  }
}

/** Its web log goes to the same place as those of the others. */
function siteOf(root: Element, command: Command): Element {
  const { changes } = command
  const sites = objectsOf(root, 'SITE')
  const ids = sites.map((one) => Number(one.attributes['SITE.ID']) || 0)
  const id = valueOf(changes, 'id') ?? String(Math.max(0, ...ids) + 1)
  const log = sites[0] && elementBelow(sites[0].element, ['logFile'])
  return newElement(
    'site',
    { name: needed(changes, 'name'), ...attribute({ schema: site, inherits: false }, 'id', id) },
    [
      ...(valueOf(changes, 'physicalpath') === undefined ? [] : [applicationOf(root, '/', command)]),
      ...(log ? [log] : []),
    ],
  )
}

/** Without a pool of its own it is in that of its site, or in the first that there is. */
function applicationOf(root: Element, path: string, { changes }: Command): Element {
  const physicalPath = valueOf(changes, 'physicalpath')
  const above = objectsOf(root, 'APP').find((one) => isSame(one.name, `${valueOf(changes, 'site.name')}/`))
  const applicationPool = above?.attributes['APPPOOL.NAME'] ?? objectsOf(root, 'APPPOOL')[0]?.name
  return newElement(
    'application',
    { path, ...(applicationPool !== undefined && { applicationPool }) },
    physicalPath === undefined ? [] : [newElement('virtualDirectory', { path: '/', physicalPath })],
  )
}

function addedLines(kind: Kind, name: string, holdsMore: boolean): readonly string[] {
  const app = kind === 'SITE' && holdsMore ? [`APP object "${name}/" added`] : []
  const directory = holdsMore ? [`VDIR object "${name.replace(/\/$/, '')}/" added`] : []
  return [`${kind} object "${name}" added`, ...app, ...directory]
}

function put(root: Element, kind: Kind, { changes }: Command, made: Element): Element {
  const append = (element: Element): Element => ({ ...element, children: [...element.children, made] })
  if (kind === 'APPPOOL') return changeBelow(root, ['system.applicationHost', 'applicationPools'], append)
  if (kind === 'SITE') return changeBelow(root, ['system.applicationHost', 'sites'], append)
  const { element } =
    kind === 'APP' ? found(root, 'SITE', needed(changes, 'site.name')) : found(root, 'APP', needed(changes, 'app.name'))
  return replaced(root, element, append(element))
}

function found(root: Element, kind: Kind, name: string): HostObject {
  const one = objectsOf(root, kind).find((known) => isSame(known.name, name))
  if (!one) throw cannotFind(kind, name)
  return one
}
