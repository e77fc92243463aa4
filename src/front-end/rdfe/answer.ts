import type { Fault, Result } from '../../kernel/fault.ts'
import { type Instant, isoSeconds } from '../../kernel/instant.ts'
import type { Log } from '../../kernel/log.ts'
import { refusals, statusOf } from '../contract/errors.ts'
import { type Operation, operations } from '../contract/operations.ts'
import { errorDocument } from '../contract/wire/error.ts'
import type { Call, Reply } from '../ffe/call.ts'
import { continuationHeader } from '../ffe/page.ts'
import { type PerformParts, perform } from '../ffe/perform.ts'
import type { Subscriptions } from '../ffe/subscriptions.ts'
import type { AuditEntry } from './audit.ts'
import { commonHeaders } from './headers.ts'
import { identify } from './identify.ts'
import type { ApiAnswer, ApiRequest } from './request.ts'
import { type Route, route, verbsAt } from './route.ts'
import { readTarget, type Target } from './target.ts'
import { checkVersion } from './version.ts'

export interface AnswerParts extends PerformParts {
  readonly subscriptions: Subscriptions
  now(): Instant
  /** 32 lower-case hexadecimal digits. */
  newId(): string
  audit(entry: AuditEntry): void
  readonly log: Log
}

/** Answers any request, and writes its line of the audit log. Never rejects. */
export async function answer(request: ApiRequest, parts: AnswerParts): Promise<ApiAnswer> {
  const requestId = parts.newId()
  const target = readTarget(request.target)
  const routed = route(request.method, target.segments, target.query.get('comp'))
  const outcome = await checked(request, target, routed, requestId, parts).catch((error: unknown) => {
    parts.log.error(`request ${requestId}: ${error instanceof Error ? error.stack : String(error)}`)
    return refusals.internal()
  })
  const status = outcome.ok ? (routed.ok ? successOf(routed.value) : 200) : statusOf(outcome.fault.code)
  parts.audit({
    time: isoSeconds(parts.now()),
    requestId,
    thumbprint: request.certificate?.thumbprint ?? '',
    clientAddress: request.clientAddress,
    operation: routed.ok ? routed.value.operation : request.method,
    path: target.path,
    outcome: outcome.ok ? String(status) : `${status} ${outcome.fault.code}`,
  })
  const body = outcome.ok ? (outcome.value.body ?? '') : errorDocument.write(outcome.fault)
  const more = outcome.ok ? outcome.value.headers : headersOf(outcome.fault, target)
  return { status, body, headers: { ...commonHeaders(requestId, parts.place.region, body), ...more } }
}

/** The checks in the order of R-5; the first that fails decides. */
async function checked(
  request: ApiRequest,
  target: Target,
  routed: Result<Route>,
  requestId: string,
  parts: AnswerParts,
): Promise<Result<Reply>> {
  const subscriptions = await parts.subscriptions.get()
  if (!subscriptions.ok) return subscriptions
  const caller = identify(subscriptions.value, target.subscriptionId, request.certificate, parts.now())
  if (!caller.ok) return caller
  const host = target.authority ?? request.headers['host']
  if (!request.headers['host'] || !host) return refusals.noHost()
  if (!isHost(host)) return refusals.badHost(host)
  const version = checkVersion(request.headers['x-ms-version'])
  if (!version.ok) return version
  if (!routed.ok) return routed
  const { operation, params } = routed.value
  if (version.value < operations[operation].since)
    return refusals.newerThanVersion(operation, operations[operation].since, version.value)
  const body = await request.body()
  if (!body) return refusals.tooLarge()
  const call: Call = {
    operation,
    params,
    subscriptionId: caller.value.id,
    query: withHeader(target.query, request.headers[continuationHeader]),
    version: version.value,
    contentType: request.headers['content-type'] ?? '',
    contentEncoding: request.headers['content-encoding'] ?? '',
    body,
    base: `https://${host}`,
  }
  const thumbprint = request.certificate?.thumbprint ?? ''
  return perform(call, { requestId, thumbprint, clientAddress: request.clientAddress }, parts)
}

/** The addition of a refusal to its body: the verbs that the path accepts. */
function headersOf({ code }: Fault, { segments }: Target): ApiAnswer['headers'] {
  return code === 'InvalidHttpVerb' && segments.ok ? { allow: verbsAt(segments.value).join(', ') } : {}
}

/** `HOST[:PORT]`: a name, an IPv4 address, or an IPv6 one in brackets (RFC 9112 3.2). */
function isHost(host: string): boolean {
  return /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::\d*)?$/i.test(host)
}

function successOf({ operation, params }: Route): number {
  const { success, successByName }: Operation = operations[operation]
  return params['deployment'] === undefined ? success : (successByName ?? success)
}

/** A continuation token comes as a header or in the query. */
function withHeader(query: Call['query'], token: string | undefined): Call['query'] {
  return token === undefined ? query : new Map([...query, ['continuationtoken', token.trim()]])
}
