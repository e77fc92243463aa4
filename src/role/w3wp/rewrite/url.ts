/** A URL of the site: the decoded path from `/`, and the query without its question mark, as it was written. */
export interface SiteUrl {
  readonly path: string
  readonly query: string
}

/** Takes a URL apart; dots and backslashes in its path are followed, and never lead above the root of the site. */
export function siteUrl(path: string, query: string): SiteUrl {
  const parts: string[] = []
  const given = path.replaceAll('\\', '/').split('/')
  for (const part of given) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  const endsInSlash = /^(?:|\.|\.\.)$/.test(given.at(-1) as string)
  return { path: `/${parts.join('/')}${endsInSlash && parts.length > 0 ? '/' : ''}`, query }
}

/** At the first question mark. */
export function splitQuery(url: string): readonly [path: string, query: string] {
  const mark = url.indexOf('?')
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
}

/** Whether a URL names a scheme and a host: `https://…`. */
export function isAbsolute(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url)
}

const scheme = /^[a-z][a-z0-9+.-]*:/i

/**
 * A target that clients may have had a part in, as one of this site: what leads to another host (`//evil.com`, and `https:/evil.com`, which browsers
 * take for it) does so only where the site's own text, with which it begins, says that. `directory`: for a relative one; '' leaves it as it is.
 */
export function onSite(target: string, written: string, directory: string): string {
  if (written.startsWith('//') || scheme.test(written)) return target
  if (/^[/\\]/.test(target)) return target.replace(/^[/\\]+/, '/')
  return `${directory || (scheme.test(target) ? '/' : '')}${target}`
}

/** The old query after the new one. */
export function joinQueries(own: string, old: string): string {
  return own && old ? `${own}&${old}` : own || old
}

/** A URL for a header: characters not allowed there are percent-encoded, so nothing can end the header. */
export function headerUrl(url: string): string {
  return url
    .toWellFormed()
    .replace(/[^\x21-\x7e]|["<>\\^`{|}]|%(?![0-9a-f]{2})/giu, (found) => encodeURIComponent(found))
}

/** Decoded text as it may stand in the path of a URL. */
export function urlText(text: string): string {
  return encodeURI(text.toWellFormed()).replace(/[?#]/g, encodeURIComponent)
}

/** The path below a directory (with a slash at both ends), without leading slash, case ignored; undefined when it is not below. */
export function below(directory: string, path: string): string | undefined {
  if (path.toLowerCase().startsWith(directory.toLowerCase())) return path.slice(directory.length)
  return `${path}/`.toLowerCase() === directory.toLowerCase() ? '' : undefined
}
