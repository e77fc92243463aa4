import type { ApplicationHost, SiteBinding, WebApplication, WebSite } from './application-host.ts'

/** Where a connection came in, and whom its request asks for. */
export interface Arrival {
  readonly address: string
  readonly port: number
  /** The Host header as it came, port included; '' when there is none. */
  readonly host: string
}

/** The site of a binding that fits: one with the host name has priority over one without (I-10, I-11). Undefined: 503. */
export function findSite(sites: readonly WebSite[], arrival: Arrival): WebSite | undefined {
  const name = hostName(arrival.host)
  const fits = (wanted: string) => (binding: SiteBinding) =>
    binding.address === arrival.address && binding.port === arrival.port && binding.hostHeader === wanted
  const of = (wanted: string) => sites.find(({ bindings }) => bindings.some(fits(wanted)))
  return (name === '' ? undefined : of(name)) ?? of('')
}

/** A Host header's name in lower case, without port and without the dot of the root. */
export function hostName(host: string): string {
  const [, name = ''] = /^(\[[^\]]*\]|[^:]*)/.exec(host.trim().toLowerCase()) ?? []
  return name.replace(/\.$/, '')
}

/** Where a decoded URL path of a site leads: the application, and the place in the file system (I-13). */
export interface MappedPath {
  readonly application: WebApplication
  /** Real path of the file or directory; it need not exist, and names below the directory are as the URL has them. */
  readonly physicalPath: string
  /** Real path of the virtual directory, above which nothing of the request may lead. */
  readonly root: string
  /** URL path of the virtual directory, `/` or `/images`. */
  readonly directory: string
}

/** The longest application, and in it the longest virtual directory, that holds the path; names ignore case. `path` begins with `/` and holds no `..`. */
export function mapPath(site: WebSite, path: string): MappedPath | undefined {
  const application = longest(site.applications, path)
  if (!application) return undefined
  const inside = below(application.path, path)
  const directory = longest(application.directories, inside)
  if (!directory) return undefined
  const rest = below(directory.path, inside)
  const root = directory.physicalPath.replace(/\/$/, '')
  const url = `${application.path}/${directory.path}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
  return { application, physicalPath: rest === '/' ? root : `${root}${rest}`, root, directory: url }
}

/** The pool of a request's application; names of pools ignore case. */
export function poolOf({ pools }: Pick<ApplicationHost, 'pools'>, site: WebSite, path: string) {
  const wanted = mapPath(site, path)?.application.pool.toLowerCase()
  return pools.find(({ name }) => name.toLowerCase() === wanted)
}

function longest<T extends { readonly path: string }>(all: readonly T[], path: string): T | undefined {
  let found: T | undefined
  for (const one of all) if (isBelow(one.path, path) && one.path.length > (found?.path.length ?? -1)) found = one
  return found
}

function isBelow(directory: string, path: string): boolean {
  if (directory === '/') return true
  const [a, b] = [directory.toLowerCase(), path.toLowerCase()]
  return a === b || b.startsWith(`${a}/`)
}

function below(directory: string, path: string): string {
  return directory === '/' ? path : path.slice(directory.length) || '/'
}
