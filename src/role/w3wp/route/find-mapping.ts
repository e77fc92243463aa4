import type { HandlerMapping } from '../handler.ts'
import { rememberedOf } from '../remembered.ts'

/** The script that a URL path names for a mapping, and the rest of the path. */
export interface Mapped {
  readonly mapping: HandlerMapping
  /** Decoded URL path of the file. */
  readonly scriptName: string
  /** '' for nothing. */
  readonly pathInfo: string
}

/** What is at a decoded URL path. */
export type Kind = 'file' | 'directory' | 'missing'

export interface Sought {
  readonly method: string
  readonly path: string
  readonly kindOf: (path: string) => Kind
  /** Whether a mapping that fits is one here, where that depends on more than the request. */
  readonly takes: (mapping: HandlerMapping) => boolean
}

/** Mappings for a bitness or a runtime of .NET that nobody has here. */
const strangePreCondition = /runtimeversionv2|classicmode|bitness32/i

/**
 * The first mapping whose path, verb and kind of resource fit (I-47); undefined when none does: 404.4. A pattern for a script also fits a path that goes
 * on behind the script's name (I-45), if there is such a file or none is wanted.
 */
export function findMapping(
  mappings: readonly HandlerMapping[],
  { method, path, kindOf, takes }: Sought,
): Mapped | undefined {
  for (const mapping of mappings) {
    const verbs = verbsOf(mapping)
    if (!verbs.has('*') && !verbs.has(method)) continue
    const found = scriptOf(mapping, path, kindOf)
    if (found && isKind(mapping.resourceType, kindOf(found.scriptName)) && takes(mapping)) return { mapping, ...found }
  }
  return undefined
}

/** Those of a mapping; none of one that fits nowhere here. */
const verbsOf = rememberedOf(({ preCondition, verb }: HandlerMapping): ReadonlySet<string> => {
  const isStrange = strangePreCondition.test(preCondition)
  return new Set(isStrange ? [] : verb.split(',').map((one) => one.trim()))
})

function isKind(wanted: HandlerMapping['resourceType'], kind: Kind): boolean {
  if (wanted === 'File') return kind === 'file'
  return wanted !== 'Directory' || kind === 'directory'
}

/**
 * Whether a mapping's script must be a file. A program of FastCGI that has one name or all paths, as that of Python (wfastcgi), need not find one; one of
 * a pattern such as `*.php` would take the file above a missing script for it (cgi.fix_pathinfo), whatever that holds.
 */
export function wantsFile({ path, modules, resourceType }: HandlerMapping): boolean {
  const isNamed = path === '*' || !path.includes('*')
  return !(isNamed && resourceType === 'Unspecified' && /fastcgimodule/i.test(modules))
}

function scriptOf(
  mapping: HandlerMapping,
  path: string,
  kindOf: (path: string) => Kind,
): Pick<Mapped, 'scriptName' | 'pathInfo'> | undefined {
  const { path: pattern } = mapping
  if (pattern === '*' || fits(pattern, path)) return { scriptName: path, pathInfo: '' }
  if (path.lastIndexOf('/') === 0) return undefined
  const parts = path.split('/')
  for (let count = 2; count < parts.length; count++) {
    const scriptName = parts.slice(0, count).join('/')
    if (fits(pattern, scriptName) && (kindOf(scriptName) === 'file' || !wantsFile(mapping)))
      return { scriptName, pathInfo: path.slice(scriptName.length) }
  }
  return undefined
}

/** The pattern of URLs whose last segment has no dot, which ASP.NET routes. */
export const noExtension = '*.'

/** A pattern without a slash is about the last segment, another one about the end of the path; `*` is any text, and case is ignored. */
export function fits(pattern: string, path: string): boolean {
  if (pattern === noExtension) return !path.slice(path.lastIndexOf('/')).includes('.')
  const text = pattern.includes('/') ? path : path.slice(path.lastIndexOf('/') + 1)
  const wanted = pattern.toLowerCase().replace(/^\//, '').split('*')
  const found = text.toLowerCase().replace(/^\//, '')
  if (wanted.length === 1) return pattern.includes('/') ? `/${found}`.endsWith(`/${wanted[0]}`) : found === wanted[0]
  let at = 0
  for (const [index, part] of wanted.entries()) {
    const place = index === 0 && !pattern.includes('/') ? (found.startsWith(part) ? 0 : -1) : found.indexOf(part, at)
    if (place < 0) return false
    at = place + part.length
  }
  return found.endsWith(wanted.at(-1) as string) && at <= found.length
}
