import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import { headerUrl } from '../rewrite/url.ts'

type HttpRedirect = Effective<(typeof sections)['httpRedirect']>

const statuses = { Permanent: 301, Found: 302, Temporary: 307, PermRedirect: 308 } as const

export interface Redirection {
  readonly status: number
  readonly location: string
}

/** Where `httpRedirect` sends a request; undefined when it does not (I-62). `path`: as it was asked for; `below`: what of it follows the directory that says so. */
export function redirection(
  { path, query, below }: { readonly path: string; readonly query: string; readonly below: string },
  section: HttpRedirect,
): Redirection | undefined {
  if (!section.enabled) return undefined
  const own = section.items.find(({ wildcard }) => wildcardTest(wildcard, path))
  const destination = own?.destination || section.destination
  if (destination === '' || (section.childOnly && below.includes('/'))) return undefined
  const isExact = section.exactDestination || own !== undefined || destination.includes('$')
  const target = expanded(destination, { path, query, below })
  const whole = isExact ? target : `${target.replace(/\/$/, '')}/${below}`
  const withQuery = query && section.appendQueryString && !destination.includes('$Q') ? `${whole}?${query}` : whole
  return { status: statuses[section.httpResponseStatus], location: headerUrl(withQuery) }
}

/** `$V`: the path without the leading directory; `$S`: what follows the directory; `$Q`: the query with its mark. */
function expanded(text: string, { path, query, below }: { path: string; query: string; below: string }): string {
  const values: Readonly<Record<string, string>> = {
    $V: path,
    $S: `/${below}`,
    $P: query,
    $Q: query === '' ? '' : `?${query}`,
  }
  return text.replace(/\$[VSPQ]/g, (name) => values[name] ?? name)
}

function wildcardTest(wildcard: string, path: string): boolean {
  const parts = wildcard.toLowerCase().split('*')
  const text = path.toLowerCase()
  let at = 0
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (text.startsWith(part) ? 0 : -1) : text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return parts.at(-1) === '' || text.endsWith(parts.at(-1) as string)
}
