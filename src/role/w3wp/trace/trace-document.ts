import { type Markup, xml } from '../../../kernel/xml.ts'
import type { RequestFacts } from '../../contract/web-request.ts'
import type { HeaderList } from '../rewrite/looking.ts'
import type { FailureReason, TraceRule } from './failure.ts'

/** What is known of a request that has failed. Times in milliseconds since the epoch. */
export interface FailedRequest {
  readonly method: string
  /** As the client sent it. */
  readonly url: string
  readonly headers: HeaderList
  readonly facts: RequestFacts
  readonly pool: string
  readonly processId: number
  readonly computer: string
  /** A UUID, by which its events belong together. */
  readonly activity: string
  /** Names of the rewrite rules that fitted, in order. */
  readonly rules: readonly string[]
  /** Name and modules of the handler it was led to. */
  readonly handler?: { readonly name: string; readonly modules: string } | undefined
  readonly answer: {
    readonly status: number
    readonly subStatus: number
    readonly win32Status: number
    readonly reason: string
    readonly headers: HeaderList
    /** Why it is an error, in a sentence. */
    readonly detail?: string | undefined
  }
  readonly beganAt: number
  readonly routedAt: number
  readonly answeredAt: number
  readonly endedAt: number
}

/** Levels of events, by the words of `verbosity`; those of level 0 are always there. */
const levels: Readonly<Record<string, number>> = {
  ignore: 0,
  criticalerror: 1,
  error: 2,
  warning: 3,
  information: 4,
  verbose: 5,
}

const eventNamespace = 'http://schemas.microsoft.com/win/2004/08/events/event'
const frebNamespace = 'http://schemas.microsoft.com/win/2006/06/iis/freb'

/** The web server's own events, by which readers of traces know them. */
const provider = { name: 'WWW Server', guid: '{3A2A4E84-4C21-4981-AE10-3FDA0D9B0F83}' } as const

interface Event {
  readonly opcode: string
  readonly level: number
  readonly at: number
  readonly data: Readonly<Record<string, string | number>>
}

/** A trace in the form of IIS (I-63). Fields that sign in are not shown. */
export function traceDocument(failed: FailedRequest, { traceAreas }: TraceRule, reason: FailureReason): string {
  const area = traceAreas.items.find((one) => one.provider.toLowerCase() === provider.name.toLowerCase())
  const most = area === undefined ? 0 : (levels[area.verbosity.toLowerCase()] ?? 0)
  const { method, facts, pool, answer, beganAt, endedAt } = failed
  const attributes = {
    url: urlOf(failed),
    siteId: facts.site,
    appPoolId: pool,
    processId: failed.processId,
    verb: method,
    authenticationType: 'anonymous',
    activityId: `{${failed.activity}}`,
    failureReason: reason,
    statusCode: codeOf(answer),
    triggerStatusCode: codeOf(answer),
    timeTaken: endedAt - beganAt,
    'xmlns:freb': frebNamespace,
  }
  const events = eventsOf(failed).filter(({ level }) => level <= most)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml(
    'failedRequest',
    attributes,
    events.map((event) => eventMarkup(failed, event)),
  ).markup.replaceAll('<Event ', '\n<Event ')}\n`
}

function eventsOf(failed: FailedRequest): readonly Event[] {
  const { method, headers, facts, pool, rules, handler, answer, beganAt, routedAt, answeredAt, endedAt } = failed
  const { status: HttpStatus, subStatus: HttpSubStatus, reason: HttpReason, win32Status: ErrorCode, detail } = answer
  return [
    {
      opcode: 'GENERAL_REQUEST_START',
      level: 0,
      at: beganAt,
      data: { SiteId: facts.site, AppPoolId: pool, RequestURL: urlOf(failed), RequestVerb: method },
    },
    { opcode: 'GENERAL_REQUEST_HEADERS', level: 4, at: beganAt, data: { Headers: headerText(headers) } },
    ...rules.map((RuleName) => ({
      opcode: 'RULE_EVALUATION_END',
      level: 5,
      at: routedAt,
      data: { RuleName, Succeeded: 'true' },
    })),
    ...(handler === undefined
      ? []
      : [
          {
            opcode: 'HANDLER_CHANGED',
            level: 5,
            at: routedAt,
            data: { NewHandlerName: handler.name, NewHandlerModules: handler.modules },
          },
        ]),
    ...(HttpStatus < 400
      ? []
      : [
          {
            opcode: 'MODULE_SET_RESPONSE_ERROR_STATUS',
            level: 3,
            at: answeredAt,
            data: { HttpStatus, HttpReason, HttpSubStatus, ErrorCode, ConfigExceptionInfo: detail ?? '' },
          },
        ]),
    { opcode: 'GENERAL_RESPONSE_HEADERS', level: 4, at: answeredAt, data: { Headers: headerText(answer.headers) } },
    { opcode: 'GENERAL_REQUEST_END', level: 0, at: endedAt, data: { HttpStatus, HttpSubStatus } },
  ]
}

function eventMarkup({ activity, processId, computer }: FailedRequest, { opcode, level, at, data }: Event): Markup {
  return xml('Event', { xmlns: eventNamespace }, [
    xml('System', {}, [
      xml('Provider', { Name: provider.name, Guid: provider.guid }),
      xml('EventID', {}, 0),
      xml('Version', {}, 1),
      xml('Level', {}, level),
      xml('Opcode', {}, 1),
      xml('Keywords', {}, '0x0'),
      xml('TimeCreated', { SystemTime: new Date(at).toISOString() }),
      xml('Correlation', { ActivityID: `{${activity}}` }),
      xml('Execution', { ProcessID: processId, ThreadID: processId }),
      xml('Computer', {}, computer),
    ]),
    xml('EventData', {}, [
      xml('Data', { Name: 'ContextId' }, `{${activity}}`),
      ...Object.entries(data).map(([Name, value]) => xml('Data', { Name }, value)),
    ]),
    xml('RenderingInfo', { Culture: 'en-US' }, xml('Opcode', {}, opcode)),
  ])
}

/** `404`, or `404.4` where there is a sub-status. */
function codeOf({ status, subStatus }: FailedRequest['answer']): string {
  return subStatus === 0 ? String(status) : `${status}.${subStatus}`
}

function urlOf({ url, headers, facts }: FailedRequest): string {
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? facts.local.address
  const authority = host.includes(':') ? host : `${host}:${facts.local.port}`
  return `${facts.isSecure ? 'https' : 'http'}://${authority}${url}`
}

/** They let whoever reads them in. */
const secret = /^(?:proxy-)?authorization$|^(?:set-)?cookie$/i

function headerText(headers: HeaderList): string {
  return headers.map(([name, value]) => `${name}: ${secret.test(name) ? '(not shown)' : value}`).join('\r\n')
}
