import type { Placed } from '../../../service-model/web-config/rewrite/rewrite.ts'
import { BadPattern, OverBudget } from './pattern/pattern.ts'
import { Unexpandable } from './template.ts'

/** Why a request ends with 500: one line of the log, which names the rule (I-55). */
export interface RewriteFault {
  /** Of 500: an inbound rule 50, a global one 51, an outbound one 52, or 53 with rewriteBeforeCache. */
  readonly subStatus: 50 | 51 | 52 | 53
  readonly reason: string
}

/** The fault that ended the work on a rule; undefined when it is not a fault of the rule. */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof BadPattern) return `a pattern cannot be used: ${error.message}`
  if (error instanceof Unexpandable) return `a text cannot be expanded: ${error.message}`
  if (error instanceof OverBudget)
    return 'its pattern took more steps than a request has; write it without nested repetitions'
  return undefined
}

/** What `work` returns, or the fault of the rule that ended it. */
export function guarded<Result>(
  rule: Placed & { readonly name: string },
  subStatus: RewriteFault['subStatus'],
  work: () => Result,
): Result | { readonly fault: RewriteFault } {
  try {
    return work()
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    return { fault: { subStatus, reason: `${rule.file}(${rule.line}): the rule "${rule.name}" failed: ${reason}.` } }
  }
}
