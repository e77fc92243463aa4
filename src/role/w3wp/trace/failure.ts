import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import { fits } from '../route/find-mapping.ts'

/** A line of `traceFailedRequests` as it is in force. */
export type TraceRule = Effective<(typeof sections)['tracing/traceFailedRequests']>['items'][number]

/** Why a request counts as failed, in the original's words. */
export type FailureReason = 'STATUS_CODE' | 'TIME_TAKEN'

export interface Ended {
  readonly status: number
  readonly subStatus: number
  readonly takenMs: number
}

/** The first rule for a decoded URL path; undefined where nothing is traced. */
export function ruleFor(rules: readonly TraceRule[], path: string): TraceRule | undefined {
  return rules.find((rule) => rule.path === '*' || fits(rule.path, path))
}

/** Whether the request is one that the rule wants traced (I-63). */
export function failureOf({ failureDefinitions }: TraceRule, ended: Ended): FailureReason | undefined {
  const { statusCodes, timeTaken } = failureDefinitions
  if (statusCodes.split(',').some((part) => isAmong(part, ended))) return 'STATUS_CODE'
  return timeTaken > 0 && ended.takenMs >= timeTaken ? 'TIME_TAKEN' : undefined
}

/** `404` is any sub-status, `401.3` that one; of a range the codes alone count. */
function isAmong(part: string, { status, subStatus }: Ended): boolean {
  const [first = '', last] = part.split('-').map((code) => code.trim())
  if (last !== undefined) return Number.parseInt(first, 10) <= status && status <= Number.parseInt(last, 10)
  const [code, sub] = first.split('.').map(Number)
  return code === status && (sub === undefined || sub === subStatus)
}
