import type { OutboundRule } from '../../../service-model/web-config/rewrite/rewrite.ts'
import { heldBy } from './conditions.ts'
import { BadPattern, type Budget } from './pattern/pattern.ts'
import type { PreparedOutbound, PreparedRewrite, PreparedRule } from './prepare.ts'
import { expand, type Values } from './template.ts'
import { type Progress, variableOf } from './variables.ts'

/** Names with values, as they are sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** State that outbound rules share for one response. */
export interface Looking {
  readonly prepared: PreparedRewrite
  readonly progress: Progress
  readonly status: number
  headers: HeaderList
  readonly budget: Budget
  readonly subStatus: 52 | 53
}

export type PreparedOutboundRule = PreparedRule<OutboundRule, PreparedOutbound>

/** What conditions and texts of a rule see, after its pattern has captured. */
export function circumstances(looking: Looking, R: readonly string[]) {
  const { progress, prepared, budget } = looking
  const variable = (name: string) => responseVariable(looking, name)
  const values = (C: readonly string[]): Values => ({ variable, map: prepared.map, captures: { R, C } })
  return { values, files: progress.request, budget }
}

/** `RESPONSE_<header>` and RESPONSE_STATUS are the response's; all others the request's. */
function responseVariable({ progress, headers, status }: Looking, name: string): string {
  if (/^response_status$/i.test(name)) return String(status)
  return /^response_/i.test(name) ? valuesOf(headers, headerName(name)).join(', ') : variableOf(progress, name)
}

export const headerName = (variable: string) => variable.slice('RESPONSE_'.length).replaceAll('_', '-')

export function valuesOf(headers: HeaderList, name: string): readonly string[] {
  const wanted = name.toLowerCase()
  const values: string[] = []
  for (const [one, value] of headers)
    if (one.length === wanted.length && one.toLowerCase() === wanted) values.push(value)
  return values
}

/** A whole text as the rule changes it; undefined when the rule does not fit or does nothing. */
export function rewritten(looking: Looking, { rule, ready }: PreparedOutboundRule, text: string): string | undefined {
  if (ready instanceof BadPattern) throw ready
  const found = ready.test(text, looking.budget)
  if ((found !== undefined) === rule.match.negate) return undefined
  const { values, ...on } = circumstances(looking, found ?? [])
  const C = heldBy(ready.conditions, { values, ...on })
  if (C === undefined) return undefined
  const isKept = rule.action.type === 'None' || (!rule.action.replace && text !== '')
  return isKept ? text : expand(ready.value, values(C))
}
