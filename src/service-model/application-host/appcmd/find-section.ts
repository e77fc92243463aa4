import { rewriteSections } from '../../web-config/rewrite/rewrite.ts'
import type { SectionSchema } from '../../web-config/schema.ts'
import { passedOverSections, sections } from '../../web-config/sections.ts'
import { hostSections } from './host-sections.ts'
import { codes, Refusal } from './refusal.ts'

/** A section of applicationHost.config. */
export interface FoundSection {
  /** `system.webServer/security/ipSecurity`. */
  readonly path: string
  /** Undefined for a section that nothing here uses: it accepts everything. */
  readonly schema?: SectionSchema | undefined
}

const server = 'system.webServer'
const host = 'system.applicationHost'

/** Sections without a schema here that scripts call by their short names. */
const schemaless = [
  'httpLogging',
  'httpTracing',
  'proxy',
  'rewrite/providers',
  'tracing/traceFailedRequests',
  'tracing/traceProviderDefinitions',
  'webFarms',
  ...passedOverSections,
]

const known: readonly FoundSection[] = [
  ...inGroup(host, hostSections),
  ...inGroup(server, sections),
  ...inGroup(`${server}/rewrite`, rewriteSections),
  ...['configHistory', 'customMetadata', 'listenerAdapters', 'log', 'serviceAutoStartProviders', 'webLimits'].map(
    (name) => ({ path: `${host}/${name}` }),
  ),
  ...schemaless.map((name) => ({ path: `${server}/${name}` })),
]

function inGroup(group: string, all: Readonly<Record<string, SectionSchema>>): readonly FoundSection[] {
  return Object.entries(all).map(([name, schema]) => ({ path: `${group}/${name}`, schema }))
}

/** The section of that path or of that short name, in any case. An unknown path belongs to a module that is not here. Throws a Refusal. */
export function findSection(name: string): FoundSection {
  if (name === '') throw new Refusal(codes.badParameter, 'Must specify the section parameter: /section:NAME.')
  const wanted = name.toLowerCase()
  const found =
    known.find(({ path }) => path.toLowerCase() === wanted) ?? known.find(({ path }) => isShort(path, wanted))
  if (found) return found
  const [, group = '', rest] = /^(system\.(?:webserver|applicationhost))((?:\/[a-z][\w.]*)+)$/i.exec(name) ?? []
  if (rest === undefined)
    throw new Refusal(codes.badParameter, `Unknown config section "${name}".  Replace with -? for help.`)
  return { path: `${group.toLowerCase() === server.toLowerCase() ? server : host}${rest}` }
}

function isShort(path: string, wanted: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase() === wanted
}

/** Whether files above or the server's own defaults have given the section items that stand in no file. */
export function inherits({ path }: FoundSection): boolean {
  return path.startsWith(`${server}/`)
}
