import type { ApplicationHost, WebSite } from '../../service-model/application-host/application-host.ts'
import type { AnswerFacts } from '../contract/web-request.ts'
import { withCustomHeaders } from './answer/custom-headers.ts'
import { compressDynamic } from './answer/dynamic-compression.ts'
import { errorPage } from './answer/error-page.ts'
import { rewriteOutbound } from './answer/outbound.ts'
import type { AskedRequest } from './asked-request.ts'
import { ConfigurationFault, configurationOf } from './configuration/configuration.ts'
import type { DriverTable } from './driver-table.ts'
import type { HandlerAnswer } from './handler.ts'
import { isLocal, type Made, type Making, makeAnswer } from './make-answer.ts'
import { inOneTurn, remembered } from './remembered.ts'
import { splitQuery } from './rewrite/url.ts'
import { isManaged } from './route/managed-code.ts'
import { isRefusal, type Refusal, refusal } from './route/refusal.ts'
import { isStatic, progressOf } from './route/route-request.ts'
import { lookUps } from './route/site-files.ts'
import { sayOnce } from './say-once.ts'
import { staticCompression } from './static/compression.ts'
import { openTracing, type Trace, type TraceOf } from './trace/tracing.ts'

/** The answer, with its facts for the web log; undefined when a driver has taken the connection. */
export type Served =
  | { readonly answer: HandlerAnswer; readonly facts: AnswerFacts; readonly trace?: Trace | undefined }
  | undefined

interface Serving extends Making {
  readonly compress: ReturnType<typeof staticCompression>
  readonly traceOf: TraceOf
}

/** Answers requests of a configuration's sites (I-16) in a process of that pool. Never rejects: every fault is an answer. */
export function requestServer(
  host: ApplicationHost,
  drivers: DriverTable,
  say: (line: string) => void,
  pool: string,
): (asked: AskedRequest) => Promise<Served> {
  const configurationAt = configurationOf(host)
  const once = sayOnce(say)
  const serving: Serving = {
    drivers,
    say,
    compress: staticCompression(),
    traceOf: openTracing(pool, say),
    routingIn: inOneTurn((site: WebSite) => {
      const lookUp = lookUps(site)
      const configurationAtPath = remembered((path: string) => configurationAt(site, path, lookUp))
      return { site, lookUp, configurationAt: configurationAtPath, hasPhp: drivers.hasPhp }
    }),
  }

  return async (asked) => {
    const site = host.sites.find(({ id }) => id === asked.facts.site)
    if (!site) return failure(asked, refusal(404, 0, 'No site has this number.'))
    try {
      return await serveIn(serving, site, asked)
    } catch (error) {
      if (error instanceof ConfigurationFault) {
        once(`500.19 ${error.message}`)
        return failure(asked, refusal(500, 19, error.message))
      }
      say(`500.0 ${asked.method} ${splitQuery(asked.url)[0]} has thrown: ${(error as Error).stack}`)
      return failure(asked, refusal(500, 0, 'The web server has a defect; its output says more.'))
    }
  }
}

async function serveIn(serving: Serving, site: WebSite, asked: AskedRequest): Promise<Served> {
  const beganAt = Date.now()
  const made = await makeAnswer(serving, site, asked, true)
  if (made === undefined) return undefined
  const { answer, routed } = made
  if (routed.destination.kind === 'abort') return { answer, facts: { ...noFacts, isAborted: true } }
  const sent = await finished(serving, asked, made)
  const { destination, loggedUrl } = routed
  const isAspNets = destination.kind === 'handler' && isManaged(destination.mapped.mapping) && !answer.isForFiles
  const trace = serving.traceOf(site, asked, made, sent, beganAt)
  return { answer: sent, facts: { ...factsOf(sent, loggedUrl), isManaged: isAspNets }, trace }
}

/** Outbound rules, compression, headers of every answer. */
async function finished(
  { compress, say }: Serving,
  asked: AskedRequest,
  { answer, routed: { progress, destination, configuration }, routing }: Made,
): Promise<HandlerAnswer> {
  if (!configuration) return answer
  const { rewrite, section } = configuration
  const rewritten = await rewriteOutbound(rewrite(), progress ?? progressOf(asked, routing), answer)
  if (isRefusal(rewritten)) say(rewritten.detail)
  const sent = isRefusal(rewritten) ? errorPage(rewritten, isLocal(asked.facts)) : rewritten
  const scriptPath =
    destination.kind === 'handler' && (isStatic(destination.mapped) || answer.isForFiles)
      ? destination.at.realPath
      : undefined
  const small =
    scriptPath === undefined
      ? compressDynamic(sent, { ...asked, section })
      : await compress(sent, { ...asked, scriptPath, section })
  return { ...small, headers: withCustomHeaders(small.headers, small.status, section) }
}

function failure({ facts }: AskedRequest, why: Refusal): Served {
  return { answer: errorPage(why, isLocal(facts)), facts: factsOf(why, undefined) }
}

const noFacts: AnswerFacts = { subStatus: 0, win32Status: 0 }

function factsOf(
  { subStatus = 0, win32Status = 0 }: Pick<HandlerAnswer, 'subStatus' | 'win32Status'>,
  loggedUrl: string | undefined,
): AnswerFacts {
  return { subStatus, win32Status, loggedUrl }
}
