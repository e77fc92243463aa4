import type { OutboundRule } from '../../../service-model/web-config/rewrite/rewrite.ts'
import { heldBy } from './conditions.ts'
import { guarded, type RewriteFault } from './fault.ts'
import {
  circumstances,
  type HeaderList,
  headerName,
  type Looking,
  type PreparedOutboundRule,
  rewritten,
  valuesOf,
} from './looking.ts'
import { BadPattern, budgetFor } from './pattern/pattern.ts'
import type { PreparedRewrite } from './prepare.ts'
import { type BodyRewriter, rewriteBody } from './rewrite-body.ts'
import { Unexpandable } from './template.ts'
import { type Progress, variableOf } from './variables.ts'

/** A response before its body. */
export interface RewriteResponse {
  readonly status: number
  readonly headers: HeaderList
}

export interface ResponseRewriting {
  readonly headers: HeaderList
  /** Names of the rules for headers that fitted, in order. */
  readonly fitted: readonly string[]
  /** 500.52 instead of the response (500.53 with rewriteBeforeCache). */
  readonly fault?: RewriteFault
  /** There when rules are for the body: it must be read as a whole, and its length changes. */
  readonly body?: BodyRewriter
}

/**
 * Applies the outbound rules whose pre-condition holds (I-54): those for headers now, in order; those for the body when it arrives.
 * `progress` is that of the request.
 */
export function rewriteResponse(
  prepared: PreparedRewrite,
  progress: Progress,
  response: RewriteResponse,
): ResponseRewriting {
  const subStatus = prepared.rewriteBeforeCache ? 53 : 52
  const looking: Looking = { prepared, progress, ...response, budget: budgetFor(), subStatus }
  const fitted: string[] = []
  const bodyRules: PreparedOutboundRule[] = []
  for (const one of prepared.outboundRules) {
    const end = guarded(one.rule, subStatus, () => {
      if (!isConcerned(looking, one.rule)) return undefined
      if (one.rule.match.serverVariable === '') bodyRules.push(one)
      else if (rewriteVariable(looking, one)) {
        fitted.push(one.rule.name)
        return one.rule.stopProcessing ? 'stop' : undefined
      }
      return undefined
    })
    if (typeof end === 'object') return { headers: response.headers, fitted, fault: end.fault }
    if (end === 'stop') break
  }
  const encoding = valuesOf(looking.headers, 'content-encoding').join(', ')
  const [rule] = bodyRules
  if (rule && encoding !== '' && encoding.toLowerCase() !== 'identity')
    return { headers: response.headers, fitted, fault: encoded(rule.rule, encoding, subStatus) }
  const { headers } = looking
  return rule ? { headers, fitted, body: (text) => rewriteBody(looking, bodyRules, text) } : { headers, fitted }
}

function encoded({ file, line, name }: OutboundRule, encoding: string, subStatus: 52 | 53): RewriteFault {
  const reason = `${file}(${line}): the rule "${name}" cannot rewrite a body that is encoded (${encoding}); let the request say no Accept-Encoding.`
  return { subStatus, reason }
}

/** Whether the rule's pre-condition holds. */
function isConcerned(looking: Looking, { preCondition }: OutboundRule): boolean {
  if (preCondition === '') return true
  const conditions = looking.prepared.preConditions.get(preCondition.toLowerCase())
  if (!conditions) throw new Unexpandable(`there is no preCondition ${preCondition}`)
  if (conditions instanceof BadPattern) throw conditions
  return heldBy(conditions, circumstances(looking, [])) !== undefined
}

/** Each value of a header that occurs several times is tested by itself; a missing header is empty. */
function rewriteVariable(looking: Looking, one: PreparedOutboundRule): boolean {
  const { serverVariable } = one.rule.match
  if (!/^response_/i.test(serverVariable)) {
    const value = rewritten(looking, one, variableOf(looking.progress, serverVariable))
    if (value !== undefined) looking.progress.set.set(serverVariable.toUpperCase(), value)
    return value !== undefined
  }
  const name = headerName(serverVariable)
  const isIt = ([given]: readonly [string, string]) => given.toLowerCase() === name.toLowerCase()
  const present = looking.headers.filter(isIt)
  const changed = (present.length > 0 ? present : [[name, ''] as const]).map(([given, old]) => {
    const value = rewritten(looking, one, old)
    return { given, old, value }
  })
  const values = changed.map(({ given, old, value }) => [given, headerValue(value ?? old)] as const)
  const at = looking.headers.findIndex(isIt)
  const others = looking.headers.filter((header) => !isIt(header))
  // An empty value takes the header away.
  others.splice(at < 0 ? others.length : at, 0, ...values.filter(([, value]) => value !== ''))
  if (changed.every(({ value }) => value === undefined)) return false
  looking.headers = others
  return true
}

const headerValue = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]+/g, ' ')
