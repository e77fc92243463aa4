import type { WebSite } from '../../../service-model/application-host/application-host.ts'
import { urlPath } from '../../../service-model/application-host/url-path.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { HandlerMapping } from '../handler.ts'
import { type Outcome, rewriteRequest } from '../rewrite/rewrite-request.ts'
import { splitQuery } from '../rewrite/url.ts'
import { begin, type Progress } from '../rewrite/variables.ts'
import { defaultDocumentOf } from '../static/default-document.ts'
import { refusedClient, refusedConnection } from './admission.ts'
import { findMapping, type Mapped } from './find-mapping.ts'
import { refusedAddress } from './ip-security.ts'
import { byRoute, holdsManagedCode, isManaged, toManaged } from './managed-code.ts'
import { redirection } from './redirect.ts'
import { type Refusal, refusal } from './refusal.ts'
import { filterRequest } from './request-filtering.ts'
import { rewriteRequestOf, type Spoken } from './server-variables.ts'
import type { LookUp, SitePath } from './site-files.ts'

export interface ToHandler {
  readonly kind: 'handler'
  readonly mapped: Mapped
  readonly at: SitePath
  readonly query: string
  /** The driver that serves files there, should the application give the request back. */
  readonly files?: Mapped | undefined
}

/** What becomes of a request. */
export type Destination =
  | ToHandler
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A redirect, a rule's own answer, or none at all. */
  | Extract<Outcome, { readonly kind: 'redirect' | 'response' | 'abort' }>

export interface Routed {
  readonly destination: Destination
  /** In force at the request's place; undefined when it has none. */
  readonly configuration?: Configuration | undefined
  readonly progress?: Progress | undefined
  /** Request headers that rules have set, by name in lower case; an empty one is taken away. */
  readonly headers?: ReadonlyMap<string, string> | undefined
  readonly loggedUrl?: string | undefined
  /** Names of the rules that fitted, in order. */
  readonly fitted?: readonly string[] | undefined
}

export interface Routing {
  readonly site: WebSite
  readonly lookUp: LookUp
  /** Throws ConfigurationFault. */
  readonly configurationAt: (path: string) => Configuration
  /** Whether the machine has php-cgi (I-45). */
  readonly hasPhp: boolean
}

/**
 * Leads a request to its handler, or to the answer that ends it before, in the order of the modules of IIS: URL, request filtering, ipSecurity,
 * access, httpRedirect, rewriting, authorization, handler mapping, directories and default documents. Throws ConfigurationFault for 500.19.
 */
export async function routeRequest(spoken: Spoken, routing: Routing): Promise<Routed> {
  const [rawPath, rawQuery] = splitQuery(spoken.url)
  const path = urlPath(rawPath)
  if (path === undefined) return { destination: refuse(400, 0, 'The URL cannot be read.') }
  const configuration = routing.configurationAt(path)
  // We wrote the query of an error page: it contains a URL that may itself be what was refused.
  const asAsked = spoken.isPage ? '' : rawQuery
  const ended = beforeRewriting({ ...spoken, rawPath, rawQuery: asAsked, path }, configuration)
  if (ended) return { destination: ended, configuration }
  const asked = rewriteRequestOf(spoken, routing)
  const { outcome, progress, headers, isRewrittenLogged, fitted } = rewriteRequest(configuration.rewrite(), asked)
  const seen = { configuration, progress, headers, fitted }
  switch (outcome.kind) {
    case 'abort':
    case 'redirect':
    case 'response':
      return { destination: outcome, ...seen }
    case 'fault':
      return { destination: refuse(500, outcome.fault.subStatus, outcome.fault.reason), ...seen }
    case 'forward':
      return {
        destination: refuse(
          502,
          3,
          `A rule sends the request to ${outcome.url}; requests are not forwarded to other servers.`,
        ),
        ...seen,
      }
    case 'none':
      return { ...seen, ...(await place({ path, query: rawQuery }, spoken, routing)) }
    case 'rewrite': {
      const loggedUrl = isRewrittenLogged ? withQuery(outcome.path, outcome.query) : undefined
      return { ...seen, ...(await place(outcome, spoken, routing)), loggedUrl }
    }
  }
}

const refuse = (...words: Parameters<typeof refusal>): Destination => ({ kind: 'refused', refusal: refusal(...words) })
const withQuery = (path: string, query: string) => (query ? `${path}?${query}` : path)

type Written = Spoken & { readonly rawPath: string; readonly rawQuery: string; readonly path: string }

function beforeRewriting(written: Written, { section, holderOf }: Configuration): Destination | undefined {
  const { path, rawPath, rawQuery, facts, isPage } = written
  const refused = filterRequest(written, section('security/requestFiltering'))
  if (refused) return { kind: 'refused', refusal: refused }
  const kept = refusedAddress(facts.remote.address, section('security/ipSecurity'))
  if (kept === 'abort') return { kind: 'abort' }
  const barred = kept ?? (isPage ? undefined : refusedConnection(facts.isSecure, section('security/access')))
  if (barred) return { kind: 'refused', refusal: barred }
  const holder = holderOf('httpRedirect')
  const below = path.slice(holder === '' ? 1 : holder.length + 2)
  const redirected = redirection({ path: rawPath, query: rawQuery, below }, section('httpRedirect'))
  return redirected && { kind: 'redirect', ...redirected }
}

interface Target {
  readonly path: string
  readonly query: string
}

/** Where the URL, as rewritten, leads in the file system and to whom. */
async function place(
  target: Target,
  spoken: Spoken,
  routing: Routing,
): Promise<Pick<Routed, 'destination' | 'configuration'>> {
  const { lookUp, configurationAt } = routing
  const configuration = configurationAt(target.path)
  const at = lookUp(target.path)
  if (!at) return { destination: refuse(404, 0, 'No application of the site has this path.'), configuration }
  const barred = spoken.isPage ? undefined : refusedAt(configuration, spoken)
  if (barred) return { destination: { kind: 'refused', refusal: barred }, configuration }
  const mappings = mappingsOf(configuration, routing)
  const sought = {
    method: spoken.method,
    path: target.path,
    kindOf: (path: string) => lookUp(path)?.kind ?? 'missing',
    takes: (mapping: HandlerMapping) => !byRoute(mapping) || holdsManagedCode(at.application),
  }
  const found = findMapping(mappings, sought)
  const document =
    found && hasDocuments(found) && at.kind === 'directory' ? await documentIn(at, target, configuration) : undefined
  if (document) return place({ ...target, path: document }, spoken, routing)
  if (!found) return { destination: refuse(404, 4, 'No handler is mapped to this path and verb.'), configuration }
  const mapped = isStatic(found) && seesAll(configuration, at) ? toManaged(found) : found
  const files = isManaged(mapped.mapping)
    ? findMapping(mappings, { ...sought, takes: (mapping) => isStatic({ mapping }) })
    : undefined
  const script = lookUp(mapped.scriptName) ?? at
  return { destination: { kind: 'handler', mapped, at: script, query: target.query, files }, configuration }
}

function refusedAt({ section }: Configuration, { method }: Spoken): Refusal | undefined {
  const anonymous = section('security/authentication/anonymousAuthentication')
  return refusedClient(method, anonymous, section('security/authorization'))
}

/** Whether the application's own modules are to see requests for files too. */
function seesAll({ section }: Configuration, { application }: SitePath): boolean {
  return section('modules').runAllManagedModulesForAllRequests && holdsManagedCode(application)
}

/** Whether files are served by that mapping. */
export function isStatic({ mapping }: Pick<Mapped, 'mapping'>): boolean {
  return /staticfilemodule/i.test(mapping.modules)
}

/** Whether a directory that a mapping has taken may be its default document: another program of all paths is asked for the directory itself. */
function hasDocuments({ mapping }: Mapped): boolean {
  return /defaultdocumentmodule/i.test(mapping.modules) || byRoute(mapping)
}

/** URL path of the default document of a directory; undefined when it has none, or its slash is missing yet. */
async function documentIn(at: SitePath, { path }: Target, { section }: Configuration): Promise<string | undefined> {
  if (!path.endsWith('/')) return undefined
  const name = await defaultDocumentOf(at.realPath, section('defaultDocument'))
  return name === undefined ? undefined : `${path}${name}`
}

/** The program of the server's own mapping of `*.php`; files of a role name theirs by its path. */
const defaultPhp = 'php-cgi'

/** `*.php` is nobody's where there is no PHP. */
function mappingsOf({ section }: Configuration, { hasPhp }: Routing) {
  const { items } = section('handlers')
  return hasPhp ? items : items.filter(({ scriptProcessor }) => scriptProcessor !== defaultPhp)
}

/** For requests that rules were not asked about. */
export function progressOf(spoken: Spoken, routing: Pick<Routing, 'site' | 'lookUp'>): Progress {
  return begin(rewriteRequestOf(spoken, routing))
}
