import type { Element } from '../../../kernel/xml.ts'
import { deniedSections } from '../../web-config/denied-sections.ts'
import { changeBelow, changeChild, elementBelow, newElement } from '../change-document.ts'
import { linesOf, markupOf } from '../write-application-host.ts'
import { type Answer, said } from './answer.ts'
import { changeElement, type Known } from './change-element.ts'
import { type FoundSection, findSection, inherits } from './find-section.ts'
import { objectsOf } from './objects.ts'
import type { Change } from './read-parameter.ts'
import type { Command } from './read-words.ts'
import { cannotFind, codes, Refusal } from './refusal.ts'

const server = 'MACHINE/WEBROOT/APPHOST'

/** `set config`: all changes of one section, or none. */
export function setConfig(root: Element, command: Command): Answer {
  if (command.changes.length === 0)
    throw new Refusal(codes.badParameter, 'The command names nothing to be changed: /attribute:value.')
  return change(root, command, (element, known) =>
    command.changes.reduce((changed, one) => changeElement(changed, known, one), element),
  )
}

/** `clear config`: the named part, or the whole section, gets its default again. */
export function clearConfig(root: Element, command: Command): Answer {
  const cleared = ({ steps }: Change): Change => ({
    kind: steps.at(-1)?.kind === 'item' ? 'remove' : 'clear',
    steps,
  })
  return change(root, command, (element, known) =>
    command.changes.length === 0
      ? undefined
      : command.changes.reduce(
          (changed, one) => changeElement(changed, { ...known, inherits: false }, cleared(one)),
          element,
        ),
  )
}

function change(
  root: Element,
  { identifier = '', options }: Command,
  changeSection: (element: Element, known: Known) => Element | undefined,
): Answer {
  const section = findSection(options.section ?? '')
  const known = { schema: section.schema, inherits: inherits(section) }
  const path = pathOf(root, identifier)
  if (path !== '' && !inherits(section))
    throw new Refusal(
      codes.notSupported,
      `The section "${section.path}" stands in applicationHost.config for the whole server.`,
    )
  const changed = atLocation(root, path, (holder) =>
    changeBelow(holder, section.path.split('/'), (element) => changeSection(element, known)),
  )
  return {
    ...said([
      `Applied configuration changes to section "${section.path}" for "${placeOf(path)}" at configuration commit path "${server}"`,
    ]),
    root: changed,
  }
}

function placeOf(path: string): string {
  return path === '' ? server : `${server}/${path}`
}

/** `Site/directory`, with the site spelled as it is; '' for the server. */
function pathOf(root: Element, identifier: string): string {
  const path = identifier.replace(/^MACHINE\/WEBROOT(?:\/APPHOST)?\/?/i, '').replace(/\/+$/, '')
  if (path === '') return ''
  const [name = '', ...below] = path.split('/')
  const site = objectsOf(root, 'SITE').find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (!site) throw cannotFind('SITE', name)
  return [site.name, ...below].join('/')
}

const isAt =
  (path: string, isLocked: boolean) =>
  ({ local, attributes }: Element): boolean =>
    local === 'location' &&
    (attributes['path'] ?? '').toLowerCase() === path.toLowerCase() &&
    (attributes['overrideMode']?.toLowerCase() === 'deny') === isLocked

/** A site's own settings are in a `location` (`/commit:apphost`), never in a file of the package. */
function atLocation(root: Element, path: string, changeHolder: (holder: Element) => Element): Element {
  return path === ''
    ? changeHolder(root)
    : changeChild(root, isAt(path, false), newElement('location', { path }), changeHolder)
}

/** `lock config` and `unlock config`: whether files below may change the section (I-59). Its own content moves along. */
export function lockConfig(root: Element, { verb, identifier = '', options }: Command): Answer {
  const section = findSection(options.section ?? '')
  const path = pathOf(root, identifier)
  const isToLock = verb === 'lock'
  const names = section.path.split('/')
  const holder = isToLock && path === '' ? root : root.children.find(isAt(path, !isToLock))
  const found = holder && elementBelow(holder, names)
  const done = said([
    `${isToLock ? 'Locked' : 'Unlocked'} section "${section.path}" at configuration path "${placeOf(path)}".`,
  ])
  if (!found && !isToLock)
    return deniedSections(root).includes(section.path.replace(/^system\.webServer\//, ''))
      ? { ...done, root: allowed(root, path, names) }
      : done
  return { ...done, root: moved(root, { path, names, isToLock }, found ?? newElement(names.at(-1) as string)) }
}

/** The section may be changed at a place although `configSections` deny it. */
function allowed(root: Element, path: string, names: readonly string[]): Element {
  const isThere = (one: Element) => isAt(path, false)(one) && one.attributes['overrideMode'] === 'Allow'
  return changeChild(root, isThere, newElement('location', { path, overrideMode: 'Allow' }), (holder) =>
    changeBelow(holder, names, (found) => found ?? newElement(names.at(-1) as string)),
  )
}

function moved(
  root: Element,
  { path, names, isToLock }: { readonly path: string; readonly names: readonly string[]; readonly isToLock: boolean },
  section: Element,
): Element {
  const atLock = (holder: Element, changeHolder: (found: Element) => Element) =>
    changeChild(holder, isAt(path, true), newElement('location', { path, overrideMode: 'Deny' }), changeHolder)
  const put = (holder: Element) => changeBelow(holder, names, () => section)
  const take = (holder: Element) => changeBelow(holder, names, () => undefined)
  return isToLock ? atLock(atLocation(root, path, take), put) : atLocation(atLock(root, take), path, put)
}

/** `list config`: the section, or all of them, as the file has them. */
export function listConfig(root: Element, { identifier = '', options }: Command): Answer {
  const path = pathOf(root, identifier)
  const holder = path === '' ? root : root.children.find(isAt(path, false))
  if (options.section === undefined)
    return said(
      (holder?.children ?? []).filter(({ local }) => local !== 'location').flatMap((one) => linesOf(markupOf(one))),
    )
  return said(linesOf(markupOf(alone(findSection(options.section), holder))))
}

/** A section in its groups, without its neighbours. */
function alone({ path }: FoundSection, holder: Element | undefined): Element {
  const names = path.split('/')
  const found = (holder && elementBelow(holder, names)) ?? newElement(names.at(-1) as string)
  return names.slice(0, -1).reduceRight((inner, name) => newElement(name, {}, [inner]), found)
}
