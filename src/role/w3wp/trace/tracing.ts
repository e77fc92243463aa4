import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { hostname } from 'node:os'
import type { WebSite } from '../../../service-model/application-host/application-host.ts'
import { urlPath } from '../../../service-model/application-host/url-path.ts'
import type { AskedRequest } from '../asked-request.ts'
import type { HandlerAnswer } from '../handler.ts'
import type { Made } from '../make-answer.ts'
import { splitQuery } from '../rewrite/url.ts'
import { failureOf, ruleFor } from './failure.ts'
import { traceDocument } from './trace-document.ts'
import { openTraceFiles } from './trace-files.ts'

/** To be called when the connection has done with the answer: whether the request has failed shows only then. */
export type Trace = () => void

/** What an answer is traced with; undefined where nobody wants traces of such requests. */
export type TraceOf = (
  site: WebSite,
  asked: AskedRequest,
  made: Made,
  sent: HandlerAnswer,
  beganAt: number,
) => Trace | undefined

/** Traces the failed requests of a pool's process (I-63). */
export function openTracing(pool: string, say: (line: string) => void): TraceOf {
  const files = openTraceFiles(say)
  return (site, asked, { routed, routedAt, answer: { detail } }, sent, beganAt) => {
    const rules = routed.configuration?.section('tracing/traceFailedRequests').items ?? []
    if (rules.length === 0 || !site.traces) return undefined
    const rule = ruleFor(rules, urlPath(splitQuery(asked.url)[0]) ?? '/')
    if (!rule) return undefined
    const answeredAt = Date.now()
    const { method, url, headers, facts } = asked
    const { destination, fitted = [] } = routed
    const { status, subStatus = 0, win32Status = 0, reason = STATUS_CODES[status] ?? '' } = sent
    const handler = destination.kind === 'handler' ? destination.mapped.mapping : undefined
    const known = { method, url, headers, facts, pool, handler, rules: fitted }
    return () => {
      const endedAt = Date.now()
      const why = failureOf(rule, { status, subStatus, takenMs: endedAt - beganAt })
      if (!why) return
      const failed = {
        ...known,
        beganAt,
        routedAt,
        answeredAt,
        endedAt,
        processId: process.pid,
        computer: hostname(),
        activity: randomUUID(),
        answer: { status, subStatus, win32Status, reason, headers: sent.headers, detail },
      }
      files.store(site, traceDocument(failed, rule, why))
    }
  }
}
