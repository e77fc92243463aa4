import type { ApplicationHost, WebSite } from '../../../service-model/application-host/application-host.ts'
import { mapPath } from '../../../service-model/application-host/find-site.ts'
import {
  inForce,
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
  readonly appSettings: ReadonlyMap<string, string>
}

/** What files say cannot be used: 500.19 with file and line (I-28, I-58, I-59). */
export class ConfigurationFault extends Error {}

/** Answers to be remembered at most; then all are made anew. */
const mostRemembered = 5_000

/**
 * Asks what is in force at a decoded URL path of a site. Files are read when they have changed, so that a change is in force with the next request. A file
 * that cannot be used is a ConfigurationFault for its directory and below (I-60), thrown here.
 */
export function configurationOf(host: ApplicationHost): (site: WebSite, path: string, lookUp: LookUp) => Configuration {
  const files = directoryConfigs()
  const servers = new Map(host.sites.map((site) => [site.id, serverConfig(host.config, site)]))
  const known = new Map<string, { readonly configs: readonly WebConfig[]; readonly made: Configuration }>()
  return (site, path, lookUp) => {
    const above = [serverDefaults, servers.get(site.id) ?? host.config]
    const placed = placedConfigs(above, { site, path, lookUp, of: files.of })
    const configs = placed.map(({ config }) => config)
    const key = `${site.id} ${keyOf(path, configs)}`
    const before = known.get(key)
    if (before && isSame(before.configs, configs)) return before.made
    if (known.size >= mostRemembered) known.clear()
    const made = make(placed, {
      path: directoryForm(path),
      application: directoryForm(mapPath(site, path)?.application.path ?? '/'),
    })
    known.set(key, { configs, made })
    return made
  }
}

/** Files of one directory answer alike, unless a `location` names one of them. */
function keyOf(path: string, configs: readonly WebConfig[]): string {
  const hasLocations = configs.some(({ places }) => places.length > 1)
  return hasLocations ? path.toLowerCase() : path.slice(0, path.lastIndexOf('/') + 1).toLowerCase()
}

function isSame(one: readonly WebConfig[], other: readonly WebConfig[]): boolean {
  return one.length === other.length && one.every((config, index) => config === other[index])
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
  for (let depth = 0; depth <= parts.length; depth++) {
    const directory = `/${parts.slice(0, depth).join('/')}`
    const there = lookUp(directory)
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
  asked: { readonly path: string; readonly application: string },
): Configuration {
  const places = placesInForce(placed, asked)
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
        const { value, faults } = mergeRewrite(places.flatMap(rewriteLayer))
        if (faults.length > 0) throw new ConfigurationFault(faults.join('\n'))
        rewrite = prepareRewrite(value)
      }
      return rewrite
    },
    appSettings: new Map(places.flatMap(({ appSettings }) => [...appSettings])),
  }
}

/** Rules are relative to the directory in which they stand (I-49). */
function rewriteLayer({ rewrite, directory }: PlacedPlace): readonly RewriteLayer[] {
  return rewrite ? [{ ...rewrite, directory: directory === '' ? '/' : `/${directory}/` }] : []
}
