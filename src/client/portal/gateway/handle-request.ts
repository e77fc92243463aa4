import type { IncomingMessage, ServerResponse } from 'node:http'
import { isoSeconds } from '../../../kernel/instant.ts'
import type { Log } from '../../../kernel/log.ts'
import { portalPaths, type Refused, type SessionAnswer } from '../protocol.ts'
import type { ApiLink } from './api-link.ts'
import type { AppFiles } from './app-files.ts'
import { listBlobs, showBlob } from './blobs.ts'
import type { CallerOf } from './caller.ts'
import { checkHost, checkSite, type Entrance, shownCertificate } from './entrance.ts'
import { answerJson, answerNothing, answerText, type Exchange, type SignedInExchange } from './exchange.ts'
import { forward } from './forward.ts'
import type { Live } from './live/live.ts'
import { BadLink, type OneTimeLinks } from './one-time-links.ts'
import type { Packages } from './packages.ts'
import { Refusal } from './refusal.ts'
import type { RegisteredCertificate, RegisteredCertificates } from './registered-certificates.ts'
import { textOfBody } from './request-body.ts'
import { secure } from './security-headers.ts'
import type { Session, Sessions } from './sessions.ts'

export interface GatewayParts {
  readonly subscriptionId: string
  readonly link: ApiLink
  readonly certificates: RegisteredCertificates
  readonly sessions: Sessions
  readonly oneTimeLinks: OneTimeLinks
  readonly files: AppFiles
  readonly live: Live
  readonly packages: Packages
  readonly callerOf: CallerOf
  readonly log: Log
  /** Has the connection end with the answer, so that it arrives although a body is still coming. */
  readonly endGently: (response: ServerResponse) => void
}

/** Longest path in the log. */
const loggedLength = 200

/** Answers any request. Never rejects. */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  entrance: Entrance,
  parts: GatewayParts,
): Promise<void> {
  secure(response)
  const exchange = exchangeOf(request, response)
  try {
    await admit(exchange, entrance, parts)
  } catch (error) {
    // The caller has gone, or has part of an answer already.
    if (exchange.gone.aborted || request.errored || response.headersSent) return void response.destroy()
    const refusal = error instanceof Refusal ? error : unexpected(error, parts.log)
    if (isLogged(exchange, refusal)) logRefusal(exchange, refusal, parts.log)
    if (!request.complete) parts.endGently(response)
    if (request.headers.accept?.includes('text/html')) return answerText(response, refusal.status, refusal.message)
    const refused: Refused = { message: refusal.message }
    answerJson(response, refusal.status, refused)
  }
}

/** The checks in their order; what the pages themselves are made of needs no session. */
async function admit(exchange: Exchange, entrance: Entrance, parts: GatewayParts): Promise<void> {
  const { request, path, method } = exchange
  checkHost(entrance, request)
  if (!exchange.target.startsWith('/')) throw new Refusal(400, 'The target of the request is no path.')
  const shown = entrance.byCertificate ? await shownCertificate(request, parts.certificates) : undefined
  if (!isData(path)) return serveFile(exchange, parts)
  checkSite(entrance, request)
  if (path === portalPaths.session && method === 'POST') return signIn(exchange, entrance, shown, parts)
  const session = await sessionOf(exchange, entrance, shown, parts)
  if (!session) throw new Refusal(401, 'You are not signed in. Open a new link: reddog portal')
  return serve({ ...exchange, session }, entrance, parts)
}

function serveFile(exchange: Exchange, { files }: GatewayParts): Promise<void> {
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw new Refusal(405, 'Only GET is offered here.')
  const { 'content-length': length = '0', 'transfer-encoding': coding } = exchange.request.headers
  // One without an end would hold its connection.
  if (length !== '0' || coding !== undefined) throw new Refusal(400, 'A request for a page has no body.')
  if (!files.has(exchange)) throw new Refusal(404, 'There is nothing at this address.')
  return files.serve(exchange)
}

/** Whether a path is no page or file. */
function isData(path: string): boolean {
  return Object.values(portalPaths).some((own) => path === own || path.startsWith(`${own}/`))
}

async function signIn(
  { request, response }: Exchange,
  entrance: Entrance,
  shown: RegisteredCertificate | undefined,
  { sessions, oneTimeLinks, callerOf, log }: GatewayParts,
): Promise<void> {
  const caller = entrance.byCertificate ? '' : await callerOf(request.socket)
  if (caller === undefined) throw new Refusal(403, 'Which account of this machine asks cannot be told. Try again.')
  const by = shown ?? (await oneTimeLinks.take(await textOfBody(request, 'token')))
  const cookie = sessions.begin({ certificate: by.data, listener: entrance.origins[0] ?? '', caller })
  log.info(`signed in from ${request.socket.remoteAddress} with the management certificate ${by.thumbprint}`)
  answerNothing(response, { 'set-cookie': entrance.cookie.set(cookie) })
}

/** The session of the request, as long as the certificate that began it is registered and, where one is shown, is this one. */
async function sessionOf(
  { request }: Exchange,
  { cookie, origins, byCertificate }: Entrance,
  shown: RegisteredCertificate | undefined,
  { sessions, certificates, callerOf }: GatewayParts,
): Promise<Session | undefined> {
  const values = cookie.read(request.headers.cookie)
  if (values.length === 0) return undefined
  const caller = byCertificate ? '' : await callerOf(request.socket)
  if (caller === undefined) return undefined
  const by = { listener: origins[0] ?? '', caller }
  const [session] = values.flatMap((value) => sessions.find(value, by) ?? [])
  if (!session || (shown && shown.data !== session.certificate)) return undefined
  const registered = await certificates.current()
  if (registered.some(({ data }) => data === session.certificate)) return session
  sessions.end(session)
  return undefined
}

async function serve(exchange: SignedInExchange, { cookie }: Entrance, parts: GatewayParts): Promise<void> {
  const { response, method, path, session } = exchange
  if (path === portalPaths.api || path.startsWith(`${portalPaths.api}/`))
    return forward(exchange, parts.link, parts.live.wake)
  switch (`${method} ${path}`) {
    case `GET ${portalPaths.session}`: {
      const { subscriptionId } = parts
      const answer: SessionAnswer = { subscriptionId, signedInUntil: isoSeconds(session.endsAt) }
      return answerJson(response, 200, answer)
    }
    case `DELETE ${portalPaths.session}`:
      parts.sessions.end(session)
      return answerNothing(response, { 'set-cookie': cookie.clear })
    case `GET ${portalPaths.live}`:
      return parts.live.serve(exchange)
    case `POST ${portalPaths.packages}`:
      return parts.packages.receive(exchange)
    case `DELETE ${portalPaths.packages}`:
      return parts.packages.remove(exchange)
    case `POST ${portalPaths.examine}`:
      return parts.packages.examineBlob(exchange)
    case `GET ${portalPaths.blobs}`:
      return listBlobs(exchange, parts.link)
    case `GET ${portalPaths.blobContent}`:
      return showBlob(exchange, parts.link)
    default:
      throw new Refusal(404, `Nothing answers ${method} here.`)
  }
}

function exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange {
  const target = request.url ?? ''
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const parts = { method: request.method ?? '', target, path, query: new URLSearchParams(query), gone: gone.signal }
  return { request, response, ...parts }
}

/** What nobody has foreseen is logged; nothing of it is shown. */
function unexpected(error: unknown, log: Log): Refusal {
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return new Refusal(500, 'The portal has met an error of its own. Its log, Portal.log, says which.')
}

/** Who may not; that somebody has not signed in yet is what a page asks first. */
function isLogged({ method, path }: Exchange, { status }: Refusal): boolean {
  return status === 403 || status === 421 || (status === 401 && `${method} ${path}` !== `GET ${portalPaths.session}`)
}

function logRefusal({ request, method, path }: Exchange, refusal: Refusal, log: Log): void {
  const why = refusal instanceof BadLink ? `the link does not sign in: ${refusal.why}` : refusal.message
  log.warn(`refused ${method} ${path.slice(0, loggedLength)} from ${request.socket.remoteAddress}: ${why}`)
}
