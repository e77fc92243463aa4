import { tagFiltersOf } from '../../../service-model/web-config/rewrite/outbound-schema.ts'
import { heldBy } from './conditions.ts'
import { guarded, type RewriteFault } from './fault.ts'
import { circumstances, type Looking, type PreparedOutboundRule, rewritten } from './looking.ts'
import { BadPattern, budgetFor } from './pattern/pattern.ts'
import { attributesOf, tagValues } from './tags.ts'
import { expand } from './template.ts'

/** The body that is sent instead, with the names of the rules that fitted; or the fault that ends the response. */
export type BodyRewriter = (
  text: string,
) => { readonly text: string; readonly fitted: readonly string[] } | { readonly fault: RewriteFault }

/** First the attributes of tags, each by all rules that look at it, in order; then rules without tags, each on the whole text. */
export function rewriteBody(
  looking: Looking,
  rules: readonly PreparedOutboundRule[],
  body: string,
): ReturnType<BodyRewriter> {
  const work: Looking = { ...looking, budget: budgetFor(body.length) }
  const fitted = new Set<string>()
  const withTags = rules.map((one) => ({ one, attributes: attributesFor(work, one) }))
  let text = body
  const [first] = rules
  if (withTags.some(({ attributes }) => attributes.size > 0) && first) {
    const result = rewriteTags(work, withTags, text, fitted)
    if (typeof result === 'object') return result
    text = result
  }
  for (const { one, attributes } of withTags) {
    if (attributes.size > 0 || hasTags(one)) continue
    const result = guarded(one.rule, work.subStatus, () => replaceAll(work, one, text))
    if (typeof result === 'object') return result
    if (result === undefined) continue
    text = result
    fitted.add(one.rule.name)
    if (one.rule.stopProcessing) break
  }
  return { text, fitted: [...fitted] }
}

/** A rule for tags that names none changes nothing; it does not apply to the whole text. */
function hasTags({ rule }: PreparedOutboundRule): boolean {
  return tagFiltersOf(rule.match.filterByTags).some((filter) => filter !== 'None')
}

function attributesFor({ prepared }: Looking, { rule }: PreparedOutboundRule): ReadonlySet<string> {
  return attributesOf(rule.match.filterByTags, prepared.customTags.get(rule.match.customTags.toLowerCase()))
}

function rewriteTags(
  work: Looking,
  rules: readonly { readonly one: PreparedOutboundRule; readonly attributes: ReadonlySet<string> }[],
  body: string,
  fitted: Set<string>,
): string | { readonly fault: RewriteFault } {
  const pieces: string[] = []
  let done = 0
  for (const { tag, attribute, start, end } of tagValues(body)) {
    let value = body.slice(start, end)
    for (const { one, attributes } of rules) {
      if (!attributes.has(`${tag} ${attribute}`)) continue
      const result = guarded(one.rule, work.subStatus, () => rewritten(work, one, value))
      if (typeof result === 'object') return result
      if (result === undefined) continue
      value = result
      fitted.add(one.rule.name)
      if (one.rule.stopProcessing) break
    }
    pieces.push(body.slice(done, start), value)
    done = end
  }
  return pieces.join('') + body.slice(done)
}

/** Each place that fits is replaced by itself, as many as `occurrences` says, 0 being all; undefined when there is none. */
function replaceAll(work: Looking, { rule, ready }: PreparedOutboundRule, text: string): string | undefined {
  if (ready instanceof BadPattern) throw ready
  const pieces: string[] = []
  let done = 0
  let times = 0
  for (let from = 0; from <= text.length; ) {
    const found = ready.pattern.find(text, from, work.budget)
    if (!found) break
    from = found.end > found.index ? found.end : found.end + 1
    const { values, ...on } = circumstances(work, found.captures)
    const C = heldBy(ready.conditions, { values, ...on })
    if (C === undefined) continue
    const value = rule.action.type === 'None' ? text.slice(found.index, found.end) : expand(ready.value, values(C))
    pieces.push(text.slice(done, found.index), value)
    done = found.end
    times += 1
    if (times === rule.match.occurrences) break
  }
  return times === 0 ? undefined : pieces.join('') + text.slice(done)
}
