import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import { headerUrl, onSite, urlText } from '../rewrite/url.ts'

type HttpRedirect = Effective<(typeof sections)['httpRedirect']>

const statuses = { Permanent: 301, Found: 302, Temporary: 307, PermRedirect: 308 } as const

export interface Redirection {
  readonly status: number
  readonly location: string
}

/**
 * Where `httpRedirect` sends a request; undefined when it does not (I-62). `path`: as requested; `below`: the rest behind the directory of the
 * setting, decoded.
 */
export function redirection(
  { path, query, below: decoded }: { readonly path: string; readonly query: string; readonly below: string },
  section: HttpRedirect,
): Redirection | undefined {
  if (!section.enabled) return undefined
  const below = urlText(decoded)
  const found = section.items
    .values()
    .map(({ wildcard, destination }) => ({ destination, parts: partsOf(path, wildcard) }))
    .find(({ parts }) => parts !== undefined)
  const own = found?.destination
  const destination = own || section.destination
  if (destination === '' || (section.childOnly && below.includes('/'))) return undefined
  const isExact = section.exactDestination || own !== undefined || destination.includes('$')
  const target = expanded(destination, { path, query, below, parts: found?.parts ?? [] })
  const whole = isExact ? target : `${target.replace(/\/$/, '')}/${below}`
  const withQuery = query && section.appendQueryString && !destination.includes('$Q') ? `${whole}?${query}` : whole
  return { status: statuses[section.httpResponseStatus], location: headerUrl(onSite(withQuery, destination, '')) }
}

interface Asked {
  readonly path: string
  readonly query: string
  readonly below: string
  readonly parts: readonly string[]
}

/** `$V`: the path; `$S`: what follows the directory; `$P`: the query, `$Q`: with its mark; `$0` to `$9`: what the wildcards of the entry stand for. */
function expanded(text: string, { path, query, below, parts }: Asked): string {
  const values: Readonly<Record<string, string>> = {
    $V: path,
    $S: `/${below}`,
    $P: query,
    $Q: query === '' ? '' : `?${query}`,
  }
  return text.replace(/\$(?:[VSPQ]|(\d))/g, (name, digit: string | undefined) =>
    digit === undefined ? (values[name] ?? name) : (parts[Number(digit)] ?? ''),
  )
}

/** The text for each `*`, each as short as possible but the last; undefined when the path does not fit. Case is ignored. */
function partsOf(path: string, wildcard: string): readonly string[] | undefined {
  const [first = '', ...texts] = wildcard.toLowerCase().split('*')
  const asked = path.toLowerCase()
  if (texts.length === 0) return asked === first ? [] : undefined
  if (!asked.startsWith(first)) return undefined
  const parts: string[] = []
  let at = first.length
  for (const [index, text] of texts.entries()) {
    const isLast = index === texts.length - 1
    const found = isLast ? asked.length - text.length : asked.indexOf(text, at)
    if (found < at || !asked.startsWith(text, found)) return undefined
    parts.push(path.slice(at, found))
    at = found + text.length
  }
  return parts
}
