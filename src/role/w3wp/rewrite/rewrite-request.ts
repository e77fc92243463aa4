import type { InboundRule } from '../../../service-model/web-config/rewrite/rewrite.ts'
import { type Circumstances, heldBy } from './conditions.ts'
import { guarded, type RewriteFault } from './fault.ts'
import { BadPattern, budgetFor } from './pattern/pattern.ts'
import type { PreparedInbound, PreparedRewrite, PreparedRule } from './prepare.ts'
import { expand, Unexpandable, type Values } from './template.ts'
import { below, headerUrl, isAbsolute, joinQueries, onSite, siteUrl, splitQuery } from './url.ts'
import { begin, type Progress, type RewriteRequest, variableOf } from './variables.ts'

/** What becomes of a request. */
export type Outcome =
  /** It is served under its own URL. */
  | { readonly kind: 'none' }
  /** It is served under another URL of the site: the decoded path, and the query without question mark. */
  | { readonly kind: 'rewrite'; readonly path: string; readonly query: string }
  /** It is another server's: a rewrite to an absolute URL. */
  | { readonly kind: 'forward'; readonly url: string }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | {
      readonly kind: 'response'
      readonly status: number
      readonly subStatus: number
      readonly reason: string
      readonly description: string
    }
  /** The connection is closed without an answer. */
  | { readonly kind: 'abort' }
  | { readonly kind: 'fault'; readonly fault: RewriteFault }

/** The way of a request through the rules. */
export interface Rewriting {
  readonly outcome: Outcome
  /** Server variables that rules have set, by name in capitals. */
  readonly variables: ReadonlyMap<string, string>
  /** Request headers that rules have set, by name in lower case; an empty one is taken away. `x-original-url` is among them after a rewrite (I-51). */
  readonly headers: ReadonlyMap<string, string>
  /** Names of the rules that fitted, in order. */
  readonly fitted: readonly string[]
  /** Whether the log has the rewritten URL instead of the original (`logRewrittenUrl`, I-52). */
  readonly isRewrittenLogged: boolean
  /** For the outbound rules, which see the same variables. */
  readonly progress: Progress
}

/** Asks the global rules, then the distributed ones, each once and in order (I-30, I-49 to I-53). Bounded in time by rules and budget (I-55). */
export function rewriteRequest(prepared: PreparedRewrite, request: RewriteRequest): Rewriting {
  const walk: Walk = {
    prepared,
    progress: begin(request),
    budget: budgetFor(),
    fitted: [],
    isRewrittenLogged: false,
  }
  const end = askAll(walk, prepared.globalRules, true) ?? askAll(walk, prepared.rules, false)
  const { progress, fitted, isRewrittenLogged } = walk
  const rewritten: Outcome = progress.isRewritten ? { kind: 'rewrite', ...progress.url } : { kind: 'none' }
  return { outcome: end ?? rewritten, ...settings(progress), fitted, isRewrittenLogged, progress }
}

interface Walk extends Pick<Circumstances, 'budget'> {
  readonly prepared: PreparedRewrite
  readonly progress: Progress
  readonly fitted: string[]
  isRewrittenLogged: boolean
}

/** The action that ends the request; undefined when it goes on. `stopProcessing` of a global rule ends only the global ones. */
function askAll(walk: Walk, rules: PreparedRewrite['rules'], isGlobal: boolean): Outcome | undefined {
  for (const one of rules) {
    const end = guarded(one.rule, isGlobal ? 51 : 50, () => ask(walk, one, isGlobal))
    if (typeof end === 'object' && 'fault' in end) return { kind: 'fault', fault: end.fault }
    if (end === 'stop') return undefined
    if (end) return end
  }
  return undefined
}

function ask(walk: Walk, { rule, ready }: PreparedRule<InboundRule, PreparedInbound>, isGlobal: boolean) {
  if (ready instanceof BadPattern) throw ready
  const { progress, budget, prepared } = walk
  const input = below(rule.directory, progress.url.path)
  if (input === undefined) return undefined
  const found = ready.match ? ready.match(input, budget) : [input]
  if ((found !== undefined) === rule.match.negate) return undefined
  const R = found ?? []
  const variable = (name: string) => variableOf(progress, name)
  const values = (C: readonly string[]): Values => ({ variable, map: prepared.map, captures: { R, C } })
  const C = heldBy(ready.conditions, { values, files: progress.request, budget })
  if (C === undefined) return undefined
  walk.fitted.push(rule.name)
  setVariables(walk, ready, values(C), isGlobal)
  return act(walk, rule, ready, values(C)) ?? (rule.stopProcessing ? 'stop' : undefined)
}

/** Distributed rules may set only allowed variables (I-53). */
function setVariables({ progress, prepared }: Walk, ready: PreparedInbound, values: Values, isGlobal: boolean): void {
  for (const { name, value, replace } of ready.serverVariables) {
    const key = name.toUpperCase()
    if (!isGlobal && !prepared.allowedServerVariables.has(key))
      throw new Unexpandable(`the server variable ${name} is not among allowedServerVariables`)
    if (replace || variableOf(progress, key) === '') progress.set.set(key, expand(value, values))
  }
}

const redirectStatus = { Permanent: 301, Found: 302, SeeOther: 303, Temporary: 307 } as const

function act(walk: Walk, rule: InboundRule, ready: PreparedInbound, values: Values): Outcome | undefined {
  const { action } = rule
  switch (action.type) {
    case 'None':
      return undefined
    case 'AbortRequest':
      return { kind: 'abort' }
    case 'CustomResponse':
      return {
        kind: 'response',
        status: action.statusCode,
        subStatus: action.subStatusCode,
        reason: headerText(expand(ready.statusReason, values)),
        description: expand(ready.statusDescription, values),
      }
    case 'Redirect': {
      const target = targetOf(walk, rule, ready, values)
      return { kind: 'redirect', status: redirectStatus[action.redirectType], location: headerUrl(target) }
    }
    case 'Rewrite': {
      const target = targetOf(walk, rule, ready, values)
      walk.isRewrittenLogged ||= action.logRewrittenUrl
      if (isAbsolute(target)) return { kind: 'forward', url: headerUrl(target) }
      walk.progress.url = siteUrl(...splitQuery(target))
      walk.progress.isRewritten = true
      return undefined
    }
  }
}

/**
 * A relative URL is relative to the rule's own directory; the query so far comes after the target's own (I-49, I-52). Scheme and host may come from what
 * was put in, as maps hold whole URLs; a path that a client has sent has no two slashes.
 */
function targetOf(
  { progress }: Walk,
  { directory, action }: InboundRule,
  { url }: PreparedInbound,
  values: Values,
): string {
  const target = expand(url, values)
  const written = url[0]?.kind === 'text' ? url[0].text : ''
  const [path, own] = splitQuery(isAbsolute(target) ? target : onSite(target, written, directory))
  const query = action.appendQueryString ? joinQueries(own, progress.url.query) : own
  return query ? `${path}?${query}` : path
}

const headerText = (text: string) => text.replace(/[^\x20-\x7e]+/g, ' ')

function settings({ set, isRewritten, original }: Progress): Pick<Rewriting, 'variables' | 'headers'> {
  const all = [...set]
  const isHeader = ([name]: readonly [string, string]) => name.startsWith('HTTP_')
  const headers = all
    .filter(isHeader)
    .map(([name, value]) => [name.slice(5).toLowerCase().replaceAll('_', '-'), headerText(value)] as const)
  const originally = headerUrl(original.query ? `${original.path}?${original.query}` : original.path)
  return {
    variables: new Map(all.filter((one) => !isHeader(one))),
    headers: new Map([...(isRewritten ? [['x-original-url', originally] as const] : []), ...headers]),
  }
}
