import type { Instant } from '../../../../kernel/instant.ts'
import type { SubscriptionOperation, WantedOperations } from '../../../service-management/subscription.ts'

/** What is asked of the operation log. */
export interface LogFilter {
  readonly from: Instant
  readonly until: Instant
  readonly object: string
  readonly result: WantedOperations['result']
}

/** A part of the log, newest first, and where the part before it ends. */
export interface LogPart {
  readonly operations: readonly SubscriptionOperation[]
  /** Undefined when this part reaches back to the beginning of the period. */
  readonly before: Instant | undefined
}

/** So many operations are shown at first and at each further step, or more. Origin: choice. */
const wantedOperations = 50
/** The API lists the oldest first, so the newest are found in periods that grow backwards, from this one on. */
const firstPeriodMs = 3_600_000

type Ask = (wanted: WantedOperations) => Promise<{
  readonly operations: readonly SubscriptionOperation[]
  readonly continuationToken?: string | undefined
}>

/** The newest operations that began before a moment, or at it: at least `wantedOperations`, where there are so many. */
export async function newestBefore(ask: Ask, filter: LogFilter, before: Instant): Promise<LogPart> {
  const operations: SubscriptionOperation[] = []
  let until = before
  for (let period = firstPeriodMs; operations.length < wantedOperations && until > filter.from; period *= 4) {
    const from = Math.max(filter.from, until - period)
    operations.push(...(await allOf(ask, { ...filter, from, until })).toReversed())
    until = from
  }
  return { operations, before: until > filter.from ? until : undefined }
}

/** Page by page (S-2). */
async function allOf(ask: Ask, filter: LogFilter): Promise<readonly SubscriptionOperation[]> {
  const found: SubscriptionOperation[] = []
  for (let continuationToken: string | undefined = ''; continuationToken !== undefined; ) {
    const page = await ask({ ...filter, continuationToken })
    found.push(...page.operations.filter(({ objectId }) => isOf(filter.object, objectId)))
    continuationToken = page.continuationToken
  }
  return found
}

/** The API's filter is the beginning of a path: it finds `shop2` for `shop` too. */
function isOf(object: string, objectId: string): boolean {
  const [wanted, found] = [object.toLowerCase(), objectId.toLowerCase()]
  return wanted === '' || found === wanted || found.startsWith(`${wanted}/`)
}

/** Parts as one list. Times of the API are whole seconds, so neighbours may both have what began in the second between them. */
export function joined(parts: readonly LogPart[]): readonly SubscriptionOperation[] {
  const byId = new Map(parts.flatMap(({ operations }) => operations).map((one) => [one.id, one]))
  return [...byId.values()]
}

/** The path of a cloud service among the objects of operations. */
export function objectOfService(subscriptionId: string, service: string): string {
  return service === '' ? '' : `/${subscriptionId}/services/hostedservices/${service}`
}

/** What an operation was about, in its names alone: `shop/Production/Web_IN_0`. */
export function shownObject(objectId: string): string {
  return objectId
    .replace(/^\/[^/]*\/?(?:services\/hostedservices\/?)?/, '')
    .replaceAll(/(?<=\/)(?:deploymentslots|deployments|roleinstances)\//g, '')
}

/** Midnight of a day in the reader's zone, `days` before now. */
export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days)
}

/** `2026-01-31`, as a date field has it, in the reader's zone. */
export function dateText(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Midnight at which the day of a date field begins, in the reader's zone; undefined when the field is empty. */
export function dayOf(text: string): Date | undefined {
  const [year, month, day] = text.split('-').map(Number)
  return year && month && day ? new Date(year, month - 1, day) : undefined
}
