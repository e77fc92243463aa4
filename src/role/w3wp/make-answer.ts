import { Readable } from 'node:stream'
import type { WebSite } from '../../service-model/application-host/application-host.ts'
import { type SectionName, sections } from '../../service-model/web-config/sections.ts'
import type { RequestFacts } from '../contract/web-request.ts'
import { insteadOf } from './answer/custom-error.ts'
import { pageFor } from './answer/error-page.ts'
import { answerOf } from './answer/rule-answer.ts'
import type { AskedRequest } from './asked-request.ts'
import type { Configuration } from './configuration/configuration.ts'
import type { DriverTable } from './driver-table.ts'
import type { HandlerAnswer, SectionInForce } from './handler.ts'
import { handlerRequest } from './handler-request.ts'
import { rememberedOf } from './remembered.ts'
import { splitQuery } from './rewrite/url.ts'
import { boundedBody } from './route/bounded-body.ts'
import { isRefusal, type Refusal, refusal } from './route/refusal.ts'
import { valueOf } from './route/request-filtering.ts'
import { isStatic, type Routed, type Routing, routeRequest, type ToHandler } from './route/route-request.ts'

/** What a process needs to make answers. */
export interface Making {
  readonly drivers: DriverTable
  readonly routingIn: (site: WebSite) => Routing
  /** A line of the process's own output. */
  readonly say: (line: string) => void
}

/** An answer before the steps common to every answer, and where it came from. */
export interface Made {
  readonly answer: HandlerAnswer
  readonly routed: Routed
  readonly routing: Routing
  /** When it was known who answers, in milliseconds since the epoch. */
  readonly routedAt: number
}

/**
 * Leads a request to its handler and returns its answer, or the one that `httpErrors` has instead. `mayExecute`: an error may be another URL's
 * answer. Undefined: a driver has taken the connection. Throws ConfigurationFault.
 */
export async function makeAnswer(
  making: Making,
  site: WebSite,
  asked: AskedRequest,
  mayExecute: boolean,
): Promise<Made | undefined> {
  const routing = making.routingIn(site)
  const routed = await routeRequest(asked, routing)
  const way = { routed, routing, routedAt: Date.now() }
  const { destination, configuration } = routed
  if (destination.kind === 'abort') return { answer: { status: 400, headers: [] }, ...way }
  const found =
    destination.kind === 'handler'
      ? await handled(making.drivers, { routing, asked, routed, destination })
      : answerOf(destination)
  if (found === undefined) return undefined
  const isLeftBare = isRefusal(found) || (found.body === undefined && found.detail !== undefined)
  const first = isLeftBare ? pageFor(found, isLocal(asked.facts)) : found
  sayOf(making, first, asked)
  if (!configuration) return { answer: first, ...way }
  const fault = { answer: first, isApplications: !isLeftBare, isLocal: isLocal(asked.facts) }
  const other = await insteadOf(fault, configuration.section('httpErrors'), routing.lookUp)
  const executed =
    'execute' in other && mayExecute
      ? await makeAnswer(making, site, askedFor(other.execute, asked, first.status), false)
      : undefined
  const page = executed && pageOf(executed, first)
  const answer = page ?? ('execute' in other ? other.otherwise : other)
  if (answer !== first) discard(first)
  return { answer, ...way }
}

/** A page for an error has the status that its program or a rule has given it, as on IIS; a file stands for the error, and has that one's. */
function pageOf(
  { answer, routed: { destination } }: Made,
  { status, subStatus, reason }: HandlerAnswer,
): HandlerAnswer {
  const isRedirect = answer.status >= 300 && answer.status < 400
  const isRules = destination.kind === 'response'
  const isPrograms = destination.kind === 'handler' && !isStatic(destination.mapped) && !answer.isForFiles
  return isRedirect || isRules || isPrograms ? answer : { ...answer, status, subStatus, reason }
}

/** A fault of the server or a program is logged; requests of clients are in the web log alone, or a stranger could fill this one. */
function sayOf({ say }: Making, { status, subStatus = 0, detail }: HandlerAnswer, { method, url }: AskedRequest): void {
  if (detail !== undefined && status >= 500) say(`${status}.${subStatus} ${detail} (${method} ${splitQuery(url)[0]})`)
}

interface Handled {
  readonly routing: Routing
  readonly asked: AskedRequest
  readonly routed: Routed
  readonly destination: ToHandler
}

async function handled(
  drivers: DriverTable,
  { routing, asked, routed, destination }: Handled,
): Promise<HandlerAnswer | Refusal | undefined> {
  const { mapping } = destination.mapped
  const driver = drivers.of(mapping.modules)
  if (!driver)
    return refusal(500, 21, `The handler "${mapping.name}" has the module "${mapping.modules}", which nobody has here.`)
  // A configuration that cannot be used must end the request before a program gets it.
  const { section } = routed.configuration as Configuration
  if (isStatic(destination.mapped)) readForFiles(section)
  else readForPrograms(section)
  const request = handlerRequest(routing, asked, routed, destination)
  if (asked.upgrade && driver.upgrade) return driver.upgrade(request, asked.upgrade)
  const most = section('security/requestFiltering').requestLimits.maxAllowedContentLength
  const body = boundedBody(asked, most)
  try {
    const answer = await driver.serve({ ...request, body: body.stream })
    if (!body.isTooLong())
      return answer.isForFiles ? await fromFiles(drivers, answer, { routing, asked, routed, destination }) : answer
    discard(answer)
    return tooLong(most)
  } catch (error) {
    if (body.isTooLong()) return tooLong(most)
    throw error
  }
}

/** The file, or why there is none, for a request that the application has given back; with the fields that its modules have set. */
async function fromFiles(
  drivers: DriverTable,
  given: HandlerAnswer,
  { routing, asked, routed, destination }: Handled,
): Promise<HandlerAnswer | Refusal> {
  const { files: mapped } = destination
  // Nothing stands in it; its process is free once that has been read.
  if (given.body && !Buffer.isBuffer(given.body)) given.body.resume()
  const driver = mapped && drivers.of(mapped.mapping.modules)
  if (!driver) return refusal(404, 0, 'Neither the application nor a file has this path.')
  const answer = await driver.serve(handlerRequest(routing, asked, routed, { ...destination, mapped }))
  const set = given.headers.filter(([name]) => !ofContent.test(name))
  return { ...answer, headers: [...answer.headers, ...set], isForFiles: true }
}

const ofContent = /^(?:content-(?:type|length)|cache-control|date|server)$/i

const sectionsOfAll = Object.keys(sections) as readonly SectionName[]

/** Sections for files alone harm no program. */
const sectionsOfPrograms = sectionsOfAll.filter(
  (name) => name !== 'staticContent' && name !== 'directoryBrowse' && name !== 'defaultDocument',
)

const readAll = (names: readonly SectionName[]) =>
  rememberedOf((section: SectionInForce) => {
    for (const name of names) section(name)
  })

const readForFiles = readAll(sectionsOfAll)
const readForPrograms = readAll(sectionsOfPrograms)

const tooLong = (most: number) =>
  refusal(413, 1, `The body has more than ${most} bytes, which is maxAllowedContentLength.`)

/**
 * A page of the site instead of an answer: without the client's body, and whole even if the client has part of it. Its query names the error for the
 * page, as in IIS: `404;http://www.example.com:80/lost?x=1`; a page's own query is not replaced.
 */
function askedFor(page: string, asked: AskedRequest, status: number): AskedRequest {
  const { isSecure, local } = asked.facts
  const host = valueOf(asked.headers, 'host')?.replace(/:\d*$/, '') || local.address
  const from = `${isSecure ? 'https' : 'http'}://${host}:${local.port}${asked.url}`
  const url = page.includes('?') ? page : `${page}?${status};${from}`
  const isAboutAnother = ([name]: readonly [string, string]) =>
    /^(?:content-.*|transfer-encoding|expect|range|if-.*)$/i.test(name)
  const headers = asked.headers.filter((field) => !isAboutAnother(field))
  return { ...asked, method: 'GET', url, headers, body: Readable.from([]), upgrade: undefined, isPage: true }
}

/**
 * Whether the request comes from the instance itself, at its own address: it alone sees details of errors instead of the site's own pages (I-62).
 * Loopback does not count: it may be a client of a VIP, or an operator's proxy in front of that.
 */
export function isLocal({ remote, local }: RequestFacts): boolean {
  return remote.address === local.address
}

/** The answer's own body is not read. */
function discard({ body }: HandlerAnswer): void {
  if (body && !Buffer.isBuffer(body)) body.destroy()
}
