import { decodeUrl } from './template.ts'
import { type SiteUrl, siteUrl, splitQuery } from './url.ts'

/** The input of rules: a request, and what the server knows about it. */
export interface RewriteRequest {
  readonly method: string
  /** As the request line has it, from `/` on: `/a%20b?c=d`. */
  readonly url: string
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined
  /** A server variable by its name in capitals, of those that are not about URL and headers: HTTPS, SERVER_PORT, REMOTE_ADDR … (I-51). */
  readonly variable: (name: string) => string | undefined
  /** The file that a decoded URL path stands for. */
  readonly physicalPath: (path: string) => string
  readonly isFile: (physicalPath: string) => boolean
  readonly isDirectory: (physicalPath: string) => boolean
}

/** A request on its way through the rules. */
export interface Progress {
  readonly request: RewriteRequest
  readonly original: SiteUrl
  /** The URL as rewritten so far. */
  url: SiteUrl
  isRewritten: boolean
  /** Values set by rules, by name in capitals; headers as HTTP_… */
  readonly set: Map<string, string>
}

export function begin(request: RewriteRequest): Progress {
  const [path, query] = splitQuery(request.url)
  const url = siteUrl(decodeUrl(path), query)
  return { request, original: url, url, isRewritten: false, set: new Map() }
}

/** The value of a server variable, '' when there is none (I-51). Values set by rules have priority. */
export function variableOf(progress: Progress, written: string): string {
  const name = written.toUpperCase()
  return progress.set.get(name) ?? (ownVariable(progress, name) || undefined) ?? foreign(progress, name) ?? ''
}

function ownVariable(progress: Progress, name: string): string | undefined {
  return Object.hasOwn(own, name) ? own[name]?.(progress) : undefined
}

function foreign({ request }: Progress, name: string): string | undefined {
  if (name.startsWith('HTTP_')) return request.header(name.slice('HTTP_'.length).toLowerCase().replaceAll('_', '-'))
  return request.variable(name)
}

const withQuery = ({ path, query }: SiteUrl) => (query ? `${path}?${query}` : path)
const file = ({ request, url }: Progress) => request.physicalPath(url.path)

/** Variables that follow the URL as rewritten so far, and those of the original one. */
const own: Readonly<Record<string, (progress: Progress) => string>> = {
  REQUEST_METHOD: ({ request }) => request.method,
  REQUEST_URI: ({ original }) => withQuery(original),
  UNENCODED_URL: ({ request }) => request.url,
  HTTP_X_ORIGINAL_URL: ({ isRewritten, original }) => (isRewritten ? withQuery(original) : ''),
  HTTP_URL: ({ request }) => request.url,
  URL: ({ url }) => url.path,
  PATH_INFO: ({ url }) => url.path,
  SCRIPT_NAME: ({ url }) => url.path,
  URL_PATH_INFO: ({ url }) => url.path,
  QUERY_STRING: ({ url }) => url.query,
  REQUEST_FILENAME: file,
  SCRIPT_FILENAME: file,
  SCRIPT_TRANSLATED: file,
  PATH_TRANSLATED: file,
  CONTENT_TYPE: ({ request }) => request.header('content-type') ?? '',
  CONTENT_LENGTH: ({ request }) => request.header('content-length') ?? '',
  CACHE_URL: (progress) => {
    const scheme = variableOf(progress, 'HTTPS').toLowerCase() === 'on' ? 'https' : 'http'
    const host = variableOf(progress, 'HTTP_HOST').replace(/:\d+$/, '')
    return `${scheme}://${host}:${variableOf(progress, 'SERVER_PORT')}${progress.request.url}`
  },
}
