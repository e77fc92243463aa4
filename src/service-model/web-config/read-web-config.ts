import type { Element } from '../../kernel/xml.ts'
import { brief } from '../document/bounds.ts'
import { concluded, fault, type Notes, notesOn, warn } from '../document/notes.ts'
import { parseRoot } from '../document/root.ts'
import type { Reading } from '../reading.ts'
import { type PartOf, partIn, sectionIn, type Written } from './config-source.ts'
import { deniedSections } from './denied-sections.ts'
import { knownClientsAlone } from './known-clients.ts'
import { type Layer, readSection } from './layer.ts'
import { readRewrite } from './rewrite/read-rewrite.ts'
import type { RewriteLayer } from './rewrite/rewrite.ts'
import { groups, passedOverSections, type SectionName, sections } from './sections.ts'
import type { Place, WebConfig } from './web-config.ts'

/**
 * Reads a `web.config` as the web server does (I-28, I-59, I-60). For each error the server answers 500.19 in the file's directory and below;
 * settings that are accepted but not carried out are warnings. Parts that only .NET reads (`system.web`, `runtime`, …) are not checked. `besides`:
 * the text of the file that a `configSource`, or `file` of `appSettings`, names, or an Error (I-52, I-64); a caller that cannot look there leaves it
 * out.
 */
export function readWebConfig(source: string, file: string, besides?: (name: string) => string): Reading<WebConfig> {
  const notes = notesOn(file, '')
  const root = readRootOfConfiguration(notes, source)
  if (!root) return concluded(notes)
  const partOf = besides && ((name: string) => readPart(notes, name, besides))
  return concluded(notes, { file, places: readPlaces(notes, root, false, partOf) })
}

function readPart(notes: Notes, name: string, besides: (name: string) => string) {
  let source: string
  try {
    source = besides(name)
  } catch {
    return undefined
  }
  const element = parseRoot({ ...notes, file: name }, source)
  return element && { file: name, element }
}

/** The root element of a configuration, with the namespace of the .NET configuration or without one (I-60); undefined, and a fault noted, for another. */
export function readRootOfConfiguration(notes: Notes, source: string): Element | undefined {
  const root = parseRoot(notes, source)
  if (!root || root.local === 'configuration') return root
  fault(notes, root, `the root element must be configuration; found ${brief(root.local)}.`)
  return undefined
}

/**
 * A configuration's settings for the web server, for its own place and for its `location`s. `isServers`: it is applicationHost.config, which may
 * contain more (I-53).
 */
export function readPlaces(notes: Notes, root: Element, isServers: boolean, partOf?: PartOf): readonly Place[] {
  const locations = root.children.filter(({ local }) => local === 'location')
  const read = (holder: Element, path: string) => placeOf(notes, holder, { path, isServers, partOf })
  return [read(root, ''), ...locations.map((location) => read(location, pathOf(notes, location)))]
}

interface Holder {
  readonly path: string
  readonly isServers: boolean
  readonly partOf: PartOf | undefined
}

function placeOf(notes: Notes, holder: Element, { path, isServers, partOf }: Holder): Place {
  const { overrideMode = 'Inherit', allowOverride = 'true', inheritInChildApplications = 'true' } = holder.attributes
  const servers = holder.children.filter(({ local }) => local === 'system.webServer')
  for (const second of servers.slice(1)) fault(notes, second, `system.webServer occurs twice in ${holder.local}.`)
  const read = sectionsOf(notes, servers[0], { path, isServers, partOf })
  return {
    path,
    isInherited: !isWord(inheritInChildApplications, 'false'),
    overrideMode: overrideModeOf(overrideMode, allowOverride),
    denied: deniedSections(holder),
    ...read,
    appSettings: settingsOf(notes, holder, partOf),
  }
}

function overrideModeOf(overrideMode: string, allowOverride: string): Place['overrideMode'] {
  if (isWord(overrideMode, 'deny') || isWord(allowOverride, 'false')) return 'Deny'
  return isWord(overrideMode, 'allow') ? 'Allow' : 'Inherit'
}

const isWord = (text: string, word: string) => text.trim().toLowerCase() === word

/** A path that leads out of the directory names nothing. */
function pathOf(notes: Notes, { attributes, line }: Element): string {
  const parts = (attributes['path'] ?? '').split(/[\\/]+/).filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) fault(notes, { line }, `path of location leads out of the directory of ${notes.file}.`)
  return parts.join('/').toLowerCase()
}

function sectionsOf(
  notes: Notes,
  server: Element | undefined,
  { path, isServers, partOf }: Holder,
): Pick<Place, 'sections' | 'rewrite'> {
  const found: Partial<Record<SectionName, Layer>> = {}
  const directory = path === '' ? '/' : `/${path}/`
  let rewrite: RewriteLayer | undefined
  for (const [name, element] of namedSections(server)) {
    if (isServers && element.attributes['configSource'] !== undefined)
      fault(notes, element, `configSource of ${name} is not followed in ${notes.file}: write the section there.`)
    if (isSection(name)) {
      if (found[name]) fault(notes, element, `the section ${name} occurs twice.`)
      const layer = readSection(notes, element, sections[name], partOf)
      const alone = knownClientsAlone(name, layer)
      if (alone !== undefined) warn(notes, element, alone)
      found[name] = layer
    } else if (name === 'rewrite')
      rewrite = readRewrite(notes, element, { directory, isServers, ...(partOf && { partOf }) })
    else if (passedOverSections.has(name)) warn(notes, element, `the section ${name} is passed over.`)
    else
      warn(
        notes,
        element,
        `nobody here knows the section ${brief(name)}, which is passed over; on IIS it is 500.19 unless a module brings it.`,
      )
  }
  return { sections: found, rewrite }
}

/** Sections by their path below system.webServer. */
function namedSections(
  holder: Element | undefined,
  group = '',
): readonly (readonly [path: string, element: Element])[] {
  return (holder?.children ?? []).flatMap((child) => {
    const path = `${group}${child.local}`
    return groups.has(path) ? namedSections(child, `${path}/`) : [[path, child] as const]
  })
}

function isSection(path: string): path is SectionName {
  return Object.hasOwn(sections, path)
}

function settingsOf(notes: Notes, holder: Element, partOf: PartOf | undefined): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  const written = holder.children
    .filter(({ local }) => local === 'appSettings')
    .flatMap((element) => settingsIn(notes, element, partOf))
  for (const { notes: own, element: all } of written)
    for (const element of all.children) {
      const { key, value = '' } = element.attributes
      if (element.local === 'clear') settings.clear()
      else if (element.local !== 'add' && element.local !== 'remove')
        fault(own, element, `unknown element ${brief(element.local)} in appSettings.`)
      else if (key === undefined) fault(own, element, `${element.local} needs the attribute key.`)
      else if (element.local === 'add') settings.set(key, value)
      else settings.delete(key)
    }
  return settings
}

/** Where settings are written: `file` names another file, which has the last word and may be missing. */
function settingsIn(notes: Notes, element: Element, partOf: PartOf | undefined): readonly Written[] {
  const own = sectionIn(notes, element, partOf)
  const { file } = own?.element.attributes ?? {}
  const more = file && partOf ? partIn(notes, element, file, partOf) : undefined
  return [own, more].filter((one) => one !== undefined)
}
