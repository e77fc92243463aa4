import type { Duplex, Readable } from 'node:stream'
import type { ApplicationHost, WebSite } from '../../service-model/application-host/application-host.ts'
import type { AnswerFacts, RequestFacts } from '../contract/web-request.ts'
import { customError, errorEntry, isReplaced } from './answer/custom-error.ts'
import { withCustomHeaders } from './answer/custom-headers.ts'
import { errorPage, escaped } from './answer/error-page.ts'
import { rewriteOutbound } from './answer/outbound.ts'
import { type Configuration, ConfigurationFault, configurationOf } from './configuration/configuration.ts'
import type { DriverTable } from './driver-table.ts'
import type { HandlerAnswer, HandlerRequest } from './handler.ts'
import type { HeaderList } from './rewrite/looking.ts'
import { splitQuery } from './rewrite/url.ts'
import { variableOf } from './rewrite/variables.ts'
import { isRefusal, type Refusal, refusal } from './route/refusal.ts'
import {
  type Destination,
  isStatic,
  progressOf,
  type Routed,
  type Routing,
  routeRequest,
} from './route/route-request.ts'
import { type LookUp, lookUps } from './route/site-files.ts'
import { staticCompression } from './static/compression.ts'

/** A request as the listener hands it over. */
export interface AskedRequest {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly facts: RequestFacts
  readonly body: Readable
  readonly signal: AbortSignal
  /** The connection, when the client asks to go on with another protocol. */
  readonly upgrade?: { readonly socket: Duplex; readonly head: Buffer } | undefined
}

/** What is sent, with what the web log says of it; undefined when a driver has taken the connection. */
export type Served = { readonly answer: HandlerAnswer; readonly facts: AnswerFacts } | undefined

/** Answers requests of a configuration's sites (I-16). Rejects never: whatever is wrong is an answer. */
export function requestServer(
  host: ApplicationHost,
  drivers: DriverTable,
  say: (line: string) => void,
): (asked: AskedRequest) => Promise<Served> {
  const configurationAt = configurationOf(host)
  const compress = staticCompression()
  const routingIn = (site: WebSite): Routing => {
    const lookUp = lookUps(site)
    return { site, lookUp, configurationAt: (path) => configurationAt(site, path, lookUp), hasPhp: drivers.hasPhp }
  }

  return async (asked) => {
    const site = host.sites.find(({ id }) => id === asked.facts.site)
    if (!site) return failure(asked, refusal(404, 0, 'No site has this number.'))
    try {
      return await serveIn(site, asked, true)
    } catch (error) {
      if (error instanceof ConfigurationFault) return failure(asked, refusal(500, 19, error.message))
      say(`${asked.method} ${splitQuery(asked.url)[0]} has thrown: ${(error as Error).stack}`)
      return failure(asked, refusal(500, 0, 'The web server has a defect; its output says more.'))
    }
  }

  async function serveIn(site: WebSite, asked: AskedRequest, mayExecute: boolean): Promise<Served> {
    const routing = routingIn(site)
    const routed = await routeRequest(asked, routing)
    const { destination, configuration, loggedUrl } = routed
    if (destination.kind === 'abort')
      return { answer: { status: 400, headers: [] }, facts: { ...noFacts, isAborted: true } }
    const found =
      destination.kind === 'handler' ? await handled(routing, asked, routed, destination) : answered(destination)
    if (found === undefined) return undefined
    const isApplications = destination.kind === 'handler' && !isRefusal(found)
    const first = isRefusal(found) ? errorPage(found, isLocal(asked.facts)) : found
    if (first.detail !== undefined)
      say(`${asked.method} ${splitQuery(asked.url)[0]}: ${first.status}.${first.subStatus ?? 0} ${first.detail}`)
    if (!configuration) return { answer: first, facts: factsOf(first, loggedUrl) }
    const replaced = await replacement(routing, asked, { answer: first, isApplications, mayExecute }, configuration)
    const answer = await finished(asked, routed, replaced, configuration, routing)
    return { answer, facts: factsOf(answer, loggedUrl) }
  }

  function answered(destination: Exclude<Destination, { kind: 'handler' | 'abort' }>): HandlerAnswer | Refusal {
    if (destination.kind === 'refused') return destination.refusal
    if (destination.kind === 'redirect') {
      const body = Buffer.from(
        `<head><title>Document Moved</title></head>\n<body><h1>Object Moved</h1>This document may be found <a HREF="${escaped(destination.location)}">here</a></body>`,
      )
      return {
        status: destination.status,
        headers: [
          ['Content-Type', 'text/html; charset=UTF-8'],
          ['Location', destination.location],
        ],
        body,
      }
    }
    const { status, subStatus, reason, description } = destination
    const body = Buffer.from(escaped(description))
    return {
      status,
      subStatus,
      reason: reason || undefined,
      headers: [['Content-Type', 'text/html; charset=utf-8']],
      body,
      skipsCustomErrors: description !== '',
    }
  }

  async function handled(
    routing: Routing,
    asked: AskedRequest,
    routed: Routed,
    destination: Destination & { kind: 'handler' },
  ): Promise<HandlerAnswer | Refusal | undefined> {
    const { mapping } = destination.mapped
    const driver = drivers.of(mapping.modules)
    if (!driver)
      return refusal(
        500,
        21,
        `The handler "${mapping.name}" has the module "${mapping.modules}", which nobody has here.`,
      )
    const request = handlerRequest(routing, asked, routed, destination)
    if (asked.upgrade && driver.upgrade) return driver.upgrade(request, asked.upgrade)
    return driver.serve(request)
  }

  function handlerRequest(
    routing: Routing,
    asked: AskedRequest,
    { configuration, progress = progressOf(asked, routing), headers: set }: Routed,
    { mapped, at, query }: Destination & { kind: 'handler' },
  ): HandlerRequest {
    const { section, appSettings } = configuration as Configuration
    const path = encodeURI(`${mapped.scriptName}${mapped.pathInfo}`).replace(/[?#]/g, encodeURIComponent)
    return {
      method: asked.method,
      url: query ? `${path}?${query}` : path,
      originalUrl: asked.url,
      headers: withSet(asked.headers, set),
      body: asked.body,
      facts: asked.facts,
      siteName: routing.site.name,
      application: {
        path: at.application.path,
        physicalPath: at.application.directories.find((one) => one.path === '/')?.physicalPath ?? at.root,
      },
      root: at.root,
      mapping: mapped.mapping,
      scriptPath: at.realPath,
      scriptName: mapped.scriptName,
      pathInfo: mapped.pathInfo,
      section,
      appSettings,
      serverVariable: (name) => variableOf(progress, name),
      signal: asked.signal,
    }
  }

  /** What `httpErrors` puts in the place of an error. */
  async function replacement(
    { site, lookUp }: Routing,
    asked: AskedRequest,
    { answer, isApplications, mayExecute }: { answer: HandlerAnswer; isApplications: boolean; mayExecute: boolean },
    { section }: Configuration,
  ): Promise<HandlerAnswer> {
    const errors = section('httpErrors')
    if (!isReplaced(errors, answer, isApplications)) return answer
    const isDetailed =
      errors.errorMode === 'Detailed' || (errors.errorMode === 'DetailedLocalOnly' && isLocal(asked.facts))
    const { status, subStatus = 0, detail = '' } = answer
    const plain = () => (isApplications ? answer : errorPage({ status, subStatus, detail }, isDetailed))
    const entry = isDetailed ? undefined : errorEntry(errors, answer)
    if (!entry) return plain()
    const other = await customError(entry, answer, (path) => fileOf(lookUp, path))
    if (!other) return plain()
    if (!('execute' in other)) return discarding(answer, other)
    if (!mayExecute) return plain()
    const executed = await serveIn(site, { ...asked, method: 'GET', url: other.execute, upgrade: undefined }, false)
    return executed ? discarding(answer, { ...executed.answer, status, subStatus }) : plain()
  }

  /** Outbound rules, compression, headers of every answer. */
  async function finished(
    asked: AskedRequest,
    { progress, destination }: Routed,
    answer: HandlerAnswer,
    { rewrite, section }: Configuration,
    routing: Routing,
  ): Promise<HandlerAnswer> {
    const rewritten = await rewriteOutbound(rewrite(), progress ?? progressOf(asked, routing), answer)
    if (isRefusal(rewritten)) say(rewritten.detail)
    const sent = isRefusal(rewritten) ? errorPage(rewritten, isLocal(asked.facts)) : rewritten
    const scriptPath =
      destination.kind === 'handler' && isStatic(destination.mapped) ? destination.at.realPath : undefined
    const small = scriptPath === undefined ? sent : await compress(sent, { ...asked, scriptPath, section })
    return { ...small, headers: withCustomHeaders(small.headers, small.status, section) }
  }

  function failure({ facts }: AskedRequest, why: Refusal): Served {
    say(`${why.status}.${why.subStatus} ${why.detail}`)
    return { answer: errorPage(why, isLocal(facts)), facts: factsOf(why, undefined) }
  }
}

const noFacts: AnswerFacts = { subStatus: 0, win32Status: 0 }

function factsOf(
  { subStatus = 0, win32Status = 0 }: Pick<HandlerAnswer, 'subStatus' | 'win32Status'>,
  loggedUrl: string | undefined,
): AnswerFacts {
  return { subStatus, win32Status, loggedUrl }
}

/** Whether the request comes from the instance itself: it alone sees details of errors (I-62). */
function isLocal({ remote, local }: RequestFacts): boolean {
  return remote.address === local.address || remote.address === '127.0.0.1' || remote.address === '::1'
}

function withSet(headers: HeaderList, set: ReadonlyMap<string, string> | undefined): HeaderList {
  if (!set || set.size === 0) return headers
  const kept = headers.filter(([name]) => !set.has(name.toLowerCase()))
  return [...kept, ...[...set].filter(([, value]) => value !== '')]
}

/** A path of the site, or a file below its root; never one outside. */
function fileOf(lookUp: LookUp, path: string): string | undefined {
  const url = `/${path.replaceAll('\\', '/').replace(/^\/+/, '')}`
  const found = url.split('/').includes('..') ? undefined : lookUp(url)
  return found?.kind === 'file' ? found.realPath : undefined
}

/** The other answer; what the first one had to say is not read. */
function discarding({ body }: HandlerAnswer, other: HandlerAnswer): HandlerAnswer {
  if (body && !Buffer.isBuffer(body)) body.destroy()
  return other
}
