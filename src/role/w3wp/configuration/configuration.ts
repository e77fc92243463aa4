import type { ApplicationHost, WebSite } from '../../../service-model/application-host/application-host.ts'
import { mapPath } from '../../../service-model/application-host/find-site.ts'
import {
  inForce,
  lockedRewrite,
  type PlacedConfig,
  type PlacedPlace,
  placesInForce,
} from '../../../service-model/web-config/in-force.ts'
import { mergeRewrite } from '../../../service-model/web-config/rewrite/merge-rewrite.ts'
import type { RewriteLayer } from '../../../service-model/web-config/rewrite/rewrite.ts'
import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections as known, SectionName } from '../../../service-model/web-config/sections.ts'
import { serverDefaults } from '../../../service-model/web-config/server-defaults.ts'
import type { WebConfig } from '../../../service-model/web-config/web-config.ts'
import type { SectionInForce } from '../handler.ts'
import { type PreparedRewrite, prepareRewrite } from '../rewrite/prepare.ts'
import type { LookUp } from '../route/site-files.ts'
import { directoryConfigs } from './directory-configs.ts'

/** What is in force at a path of a site. */
export interface Configuration {
  /** Throws ConfigurationFault. */
  readonly section: SectionInForce
  /** Throws ConfigurationFault. */
  readonly rewrite: () => PreparedRewrite
  /** URL directory, in lower case and without slashes at its ends, of the innermost file or `location` that speaks of a section; '' for the site's root. */
  readonly holderOf: (name: SectionName) => string
  readonly appSettings: ReadonlyMap<string, string>
}

/** Why files cannot be used: 500.19 with file and line (I-28, I-58, I-59). */
export class ConfigurationFault extends Error {}

/** Configurations to be remembered at most; then all are made anew. Origin: choice; a site has one for each of its files and `location`s. */
const mostRemembered = 1_000

/**
 * Finds what is in force at a decoded URL path of a site. Files are read again when they have changed, so that a change takes effect with the next
 * request. A file that cannot be used is a ConfigurationFault for its directory and below (I-60), thrown here.
 */
export function configurationOf(host: ApplicationHost): (site: WebSite, path: string, lookUp: LookUp) => Configuration {
  const files = directoryConfigs()
  const servers = new Map(host.sites.map((site) => [site.id, serverConfig(host.config, site)]))
  const numberOf = numbering()
  const known = new Map<string, Configuration>()
  return (site, path, lookUp) => {
    const above = [serverDefaults, servers.get(site.id) ?? host.config]
    const placed = placedConfigs(above, { site, path, lookUp, of: files.of })
    const asked = {
      path: directoryForm(path),
      application: directoryForm(mapPath(site, path)?.application.path ?? '/'),
    }
    const places = placesInForce(placed, asked)
    const key = places.map(({ sections, directory }) => `${numberOf(sections)} ${directory}`).join('\n')
    const before = known.get(key)
    if (before) return before
    if (known.size >= mostRemembered) known.clear()
    const made = make(placed, places, asked)
    known.set(key, made)
    return made
  }
}

/** A number for each object read from files, for as long as it exists. */
function numbering(): (said: object) => number {
  const numbers = new WeakMap<object, number>()
  let last = 0
  return (said) => {
    const number = numbers.get(said) ?? ++last
    numbers.set(said, number)
    return number
  }
}

const directoryForm = (path: string) => path.toLowerCase().replace(/^\/+|\/+$/g, '')

interface Looked {
  readonly site: WebSite
  readonly path: string
  readonly lookUp: LookUp
  readonly of: ReturnType<typeof directoryConfigs>['of']
}

/** The server's own configuration, then the files of the directories from the site's root down to the path. */
function placedConfigs(above: readonly WebConfig[], { site, path, lookUp, of }: Looked): readonly PlacedConfig[] {
  const at = (directory: string) => directoryForm(mapPath(site, directory)?.application.path ?? '/')
  const asked = at(path)
  const own: PlacedConfig[] = above.map((config) => ({ directory: '', application: asked, config }))
  const parts = path.split('/').filter((part) => part !== '')
  let missing: string | undefined
  for (let depth = 0; depth <= parts.length; depth++) {
    const directory = `/${parts.slice(0, depth).join('/')}`
    // Below a missing directory there is nothing either, unless an application or a virtual directory begins.
    if (missing !== undefined && mapPath(site, directory)?.directory === missing) continue
    const there = lookUp(directory)
    missing = there?.kind === 'directory' ? undefined : there?.directory
    const found = there?.kind === 'directory' ? of(there.realPath) : undefined
    if (found?.kind === 'faulty') throw new ConfigurationFault(found.faults.join('\n'))
    if (found) own.push({ directory: directoryForm(directory), application: at(directory), config: found.config })
  }
  return own
}

/** applicationHost.config as it speaks of a site: the places of all, and those whose path begins with the site's name. */
function serverConfig(config: WebConfig, { name }: WebSite): WebConfig {
  const own = name.toLowerCase()
  const places = config.places.flatMap((place) => {
    if (place.path === '') return [place]
    if (place.path === own) return [{ ...place, path: '' }]
    return place.path.startsWith(`${own}/`) ? [{ ...place, path: place.path.slice(own.length + 1) }] : []
  })
  return { ...config, places }
}

function make(
  placed: readonly PlacedConfig[],
  places: readonly PlacedPlace[],
  asked: { readonly path: string; readonly application: string },
): Configuration {
  const sections = new Map<SectionName, unknown>()
  let rewrite: PreparedRewrite | undefined
  function section<Name extends SectionName>(name: Name): Effective<(typeof known)[Name]> {
    if (!sections.has(name)) {
      const { value, faults } = inForce(name, placed, asked)
      if (faults.length > 0) throw new ConfigurationFault(faults.join('\n'))
      sections.set(name, value)
    }
    return sections.get(name) as Effective<(typeof known)[Name]>
  }
  return {
    section,
    rewrite() {
      if (!rewrite) {
        const { value, faults: found } = mergeRewrite(places.flatMap(rewriteLayer))
        const faults = [...lockedRewrite(placed, asked), ...found]
        if (faults.length > 0) throw new ConfigurationFault(faults.join('\n'))
        rewrite = prepareRewrite(value)
      }
      return rewrite
    },
    holderOf: (name) => places.findLast(({ sections: found }) => found[name])?.directory ?? '',
    appSettings: new Map(places.flatMap(({ appSettings }) => [...appSettings])),
  }
}

/** Rules are relative to the directory in which they stand (I-49). */
function rewriteLayer({ rewrite, directory }: PlacedPlace): readonly RewriteLayer[] {
  return rewrite ? [{ ...rewrite, directory: directory === '' ? '/' : `/${directory}/` }] : []
}
