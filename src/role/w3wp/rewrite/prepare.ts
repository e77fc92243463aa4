import type {
  CustomTags,
  InboundRule,
  OutboundRule,
  RewriteMap,
  RewriteRules,
} from '../../../service-model/web-config/rewrite/rewrite.ts'
import { type PreparedConditions, prepareConditions, testOf } from './conditions.ts'
import { reasonOf } from './fault.ts'
import { compilePattern } from './pattern/compile-pattern.ts'
import { BadPattern, type Budget, type Pattern } from './pattern/pattern.ts'
import { readTemplate, type Template } from './template.ts'

/** The rules of a directory, ready to be asked: patterns compiled, texts taken apart. */
export interface PreparedRewrite {
  readonly globalRules: readonly PreparedRule<InboundRule, PreparedInbound>[]
  readonly rules: readonly PreparedRule<InboundRule, PreparedInbound>[]
  readonly outboundRules: readonly PreparedRule<OutboundRule, PreparedOutbound>[]
  readonly preConditions: ReadonlyMap<string, PreparedConditions | BadPattern>
  readonly customTags: ReadonlyMap<string, CustomTags>
  readonly rewriteBeforeCache: boolean
  readonly map: (name: string, key: string) => string | undefined
  readonly allowedServerVariables: ReadonlySet<string>
}

/** A rule in prepared form; a faulty rule fails only when it is evaluated, so that it harms no other. */
export interface PreparedRule<Rule, Ready> {
  readonly rule: Rule
  readonly ready: Ready | BadPattern
}

export interface PreparedInbound {
  /** Undefined fits every URL (I-49). */
  readonly match: ((text: string, budget: Budget) => readonly string[] | undefined) | undefined
  readonly conditions: PreparedConditions
  readonly serverVariables: readonly { readonly name: string; readonly value: Template; readonly replace: boolean }[]
  readonly url: Template
  readonly statusReason: Template
  readonly statusDescription: Template
}

export interface PreparedOutbound {
  readonly pattern: Pattern
  readonly test: (text: string, budget: Budget) => readonly string[] | undefined
  readonly conditions: PreparedConditions
  readonly value: Template
}

/** To be done once for each change of the configuration: it costs some milliseconds for a hundred rules. */
export function prepareRewrite(rules: RewriteRules): PreparedRewrite {
  return {
    globalRules: prepared(rules.globalRules, inbound),
    rules: prepared(rules.rules, inbound),
    outboundRules: prepared(rules.outboundRules, outbound),
    preConditions: new Map(
      rules.preConditions.map((one) => [
        one.name.toLowerCase(),
        orBad(() => prepareConditions(one, one.patternSyntax)),
      ]),
    ),
    customTags: new Map(rules.customTags.map((one) => [one.name.toLowerCase(), one])),
    rewriteBeforeCache: rules.rewriteBeforeCache,
    map: lookUp(rules.rewriteMaps),
    allowedServerVariables: new Set(rules.allowedServerVariables.map((name) => name.toUpperCase())),
  }
}

function prepared<Rule extends { readonly enabled: boolean }, Ready>(
  rules: readonly Rule[],
  prepare: (rule: Rule) => Ready,
): readonly PreparedRule<Rule, Ready>[] {
  return rules.filter(({ enabled }) => enabled).map((rule) => ({ rule, ready: orBad(() => prepare(rule)) }))
}

function orBad<Ready>(prepare: () => Ready): Ready | BadPattern {
  try {
    return prepare()
  } catch (error) {
    if (error instanceof BadPattern) return error
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    return new BadPattern(reason)
  }
}

function inbound({ match, conditions, serverVariables, action, patternSyntax: syntax }: InboundRule): PreparedInbound {
  const { url, ignoreCase } = match
  return {
    match: url === '' ? undefined : testOf(url, { syntax, ignoreCase }),
    conditions: prepareConditions(conditions, syntax),
    serverVariables: serverVariables.items.map((one) => ({ ...one, value: readTemplate(one.value) })),
    url: readTemplate(action.url),
    statusReason: readTemplate(action.statusReason),
    statusDescription: readTemplate(action.statusDescription),
  }
}

function outbound({ match, conditions, action, patternSyntax: syntax }: OutboundRule): PreparedOutbound {
  const kind = { syntax, ignoreCase: match.ignoreCase }
  return {
    pattern: compilePattern(match.pattern, kind),
    test: testOf(match.pattern, kind),
    conditions: prepareConditions(conditions, syntax),
    value: readTemplate(action.value),
  }
}

/** Names of maps and keys ignore case (I-52). */
function lookUp(rewriteMaps: readonly RewriteMap[]): PreparedRewrite['map'] {
  const maps = new Map(
    rewriteMaps.map(({ name, defaultValue, items }) => [
      name.toLowerCase(),
      { defaultValue, values: new Map(items.map(({ key, value }) => [key.toLowerCase(), value])) },
    ]),
  )
  return (name, key) => {
    const map = maps.get(name.toLowerCase())
    return map && (map.values.get(key.toLowerCase()) ?? map.defaultValue)
  }
}
