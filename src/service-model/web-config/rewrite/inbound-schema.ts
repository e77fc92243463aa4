import { choice, collection, flag, section, text, whole } from '../schema.ts'

export const patternSyntax = choice(['ECMAScript', 'Wildcard', 'ExactMatch'], 'ECMAScript')

const logicalGrouping = choice(['MatchAll', 'MatchAny'], 'MatchAll')

const tested = { input: text(''), pattern: text(''), ignoreCase: flag(true), negate: flag(false) }

/** Conditions that compare texts: those of global rules, of outbound rules, and, without captures, pre-conditions. */
export const textConditions = collection(
  { logicalGrouping, trackAllCaptures: flag(false) },
  { schema: section({ ...tested, matchType: choice(['Pattern'], 'Pattern') }), key: [] },
)

/** Conditions of a distributed rule, which may also ask the file system (I-50). */
const conditions = collection(
  { logicalGrouping, trackAllCaptures: flag(false) },
  { schema: section({ ...tested, matchType: choice(['Pattern', 'IsFile', 'IsDirectory'], 'Pattern') }), key: [] },
)

export const preCondition = collection(
  { name: text(), logicalGrouping, patternSyntax },
  { schema: section(tested), key: [] },
)

const match = section({ url: text(''), ignoreCase: flag(true), negate: flag(false) })

const serverVariables = collection(
  {},
  { item: 'set', schema: section({ name: text(), value: text(''), replace: flag(true) }), key: ['name'] },
)

const action = section({
  type: choice(['None', 'Rewrite', 'Redirect', 'CustomResponse', 'AbortRequest'], 'None'),
  url: text(''),
  appendQueryString: flag(true),
  logRewrittenUrl: flag(false),
  redirectType: choice(['Permanent', 'Found', 'SeeOther', 'Temporary'], 'Permanent'),
  statusCode: whole(200, 999, 0),
  subStatusCode: whole(0, 999, 0),
  statusReason: text(''),
  statusDescription: text(''),
})

export const ruleAttributes = {
  name: text(),
  enabled: flag(true),
  patternSyntax,
  stopProcessing: flag(false),
} as const

/** How IIS caches the answer in its kernel, where nothing is cached here. */
const responseCacheDirective = choice(['Auto', 'Always', 'Never', 'NotIfRuleMatched'], 'Auto')

const inboundAttributes = { ...ruleAttributes, responseCacheDirective }

/** Whether a URL is encoded once more before it is forwarded to another server, which nothing here is. */
const useOriginalURLEncoding = flag(true)

/** `rules`: distributed rules (I-30, I-49). */
export const rules = collection(
  { useOriginalURLEncoding },
  {
    item: 'rule',
    schema: section(inboundAttributes, { match, conditions, serverVariables, action }),
    key: ['name'],
  },
)

/** `globalRules`: those of the whole server (I-53). */
export const globalRules = collection(
  { useOriginalURLEncoding },
  {
    item: 'rule',
    schema: section(inboundAttributes, { match, conditions: textConditions, serverVariables, action }),
    key: ['name'],
  },
)
