import { effective, type Merged } from './effective.ts'
import type { Layer } from './layer.ts'
import { type RewriteSection, rewriteSections } from './rewrite/rewrite.ts'
import { type SectionName, sections } from './sections.ts'
import type { Place, WebConfig } from './web-config.ts'

/** A `web.config` where it stands in a site. */
export interface PlacedConfig {
  /** URL directory below the site's root, in lower case, without slashes at its ends; '' for the root. */
  readonly directory: string
  /** URL directory of the application that it belongs to, in the same form. */
  readonly application: string
  readonly config: WebConfig
}

/** The request: a URL path in the form of a directory, and the application that serves it. */
export interface AskedPath {
  readonly path: string
  readonly application: string
}

/**
 * A section as it is in force at a path: from the files of the directories from the site's root down to it, each with its own settings first and then
 * its `location`s, the outer before the inner (I-28). `files`: any order. Faults are 500.19: a key twice (I-58), or a section that a file above has
 * locked (`overrideMode="Deny"`, `overrideModeDefault="Deny"`, I-59).
 */
export function inForce<Name extends SectionName>(
  name: Name,
  files: readonly PlacedConfig[],
  asked: AskedPath,
): Merged<(typeof sections)[Name]> {
  const { layers, locked } = layersOf(name, files, asked, (place) => place.sections[name])
  const { value, faults } = effective(sections[name], layers)
  return { value, faults: [...locked, ...faults] }
}

/** Why the parts of `rewrite` cannot be used that a file above has locked; they are read by another reader than sections (I-59). */
export function lockedRewrite(files: readonly PlacedConfig[], asked: AskedPath): readonly string[] {
  const names = Object.keys(rewriteSections) as readonly RewriteSection[]
  return names.flatMap(
    (name) => layersOf(`rewrite/${name}`, files, asked, ({ rewrite }) => rewrite?.sections[name]).locked,
  )
}

/** The settings of files for a section, without those that may not be there. */
function layersOf(
  name: string,
  files: readonly PlacedConfig[],
  asked: AskedPath,
  layerIn: (place: Place) => Layer | undefined,
): { readonly layers: readonly Layer[]; readonly locked: readonly string[] } {
  const layers: Layer[] = []
  const locked: string[] = []
  let lock: string | undefined
  for (const { config, ...at } of files.filter(({ directory }) => isAbove(directory, asked.path)).toSorted(byDepth)) {
    const places = placesAt(at, config.places, asked)
    const said = places.flatMap((place) => layerIn(place) ?? [])
    const [first] = said
    if (lock !== undefined && first)
      locked.push(
        `${first.file}(${first.line}): the section ${name} is locked by ${lock}, and no file below may hold it.`,
      )
    else layers.push(...said)
    if (isLocking(places, name, layerIn)) lock ??= config.file
  }
  return { layers, locked }
}

/** Whether a file keeps a section from the files below, at the places of a path: the innermost that says so counts. */
function isLocking(places: readonly Place[], name: string, layerIn: (place: Place) => Layer | undefined): boolean {
  const modes = places.flatMap((place) => [
    place.denied.includes(name) ? 'Deny' : 'Inherit',
    layerIn(place) ? place.overrideMode : 'Inherit',
  ])
  return modes.findLast((mode) => mode !== 'Inherit') === 'Deny'
}

/** A place of a file, where it stands in a site. */
export interface PlacedPlace extends Place {
  /** URL directory below the site's root in the form of PlacedConfig. */
  readonly directory: string
}

/** All places about a path, the outer before the inner: for parts read by another reader than that of sections. */
export function placesInForce(files: readonly PlacedConfig[], asked: AskedPath): readonly PlacedPlace[] {
  return files
    .filter(({ directory }) => isAbove(directory, asked.path))
    .toSorted(byDepth)
    .flatMap(({ config, ...at }) =>
      placesAt(at, config.places, asked).map((place) => ({ ...place, directory: join(at.directory, place.path) })),
    )
}

/** The places of a file that speak of the path, from the outer to the inner. */
function placesAt(
  { directory, application }: Omit<PlacedConfig, 'config'>,
  places: readonly Place[],
  asked: AskedPath,
): readonly Place[] {
  const isOwn = application === asked.application
  return places
    .filter(({ path, isInherited }) => isAbove(join(directory, path), asked.path) && (isOwn || isInherited))
    .toSorted((a, b) => depthOf(a.path) - depthOf(b.path))
}

function byDepth(a: PlacedConfig, b: PlacedConfig): number {
  return depthOf(a.directory) - depthOf(b.directory)
}

/** Whether a directory is the path, or one above it. */
function isAbove(directory: string, path: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`)
}

const depthOf = (path: string) => (path === '' ? 0 : path.split('/').length)

const join = (directory: string, path: string) => [directory, path].filter((part) => part !== '').join('/')
