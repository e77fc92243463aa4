import { compilePattern, type PatternKind } from './pattern/compile-pattern.ts'
import type { Budget, Pattern } from './pattern/pattern.ts'
import { expand, readTemplate, type Template, type Values } from './template.ts'
import type { RewriteRequest } from './variables.ts'

/** Conditions of a rule, or a pre-condition, as they are configured. */
export interface Conditions {
  readonly logicalGrouping: 'MatchAll' | 'MatchAny'
  readonly trackAllCaptures?: boolean
  readonly items: readonly {
    readonly input: string
    readonly pattern: string
    readonly ignoreCase: boolean
    readonly negate: boolean
    readonly matchType?: 'Pattern' | 'IsFile' | 'IsDirectory'
  }[]
}

export interface PreparedConditions {
  readonly isAny: boolean
  readonly isTracking: boolean
  readonly items: readonly PreparedCondition[]
}

interface PreparedCondition {
  readonly input: Template
  readonly negate: boolean
  readonly test: Test | 'IsFile' | 'IsDirectory'
}

/** The captures of a text that fits. */
type Test = (text: string, budget: Budget) => readonly string[] | undefined

export function prepareConditions(conditions: Conditions, syntax: PatternKind['syntax']): PreparedConditions {
  return {
    isAny: conditions.logicalGrouping === 'MatchAny',
    isTracking: conditions.trackAllCaptures ?? false,
    items: conditions.items.map(({ input, pattern, ignoreCase, negate, matchType = 'Pattern' }) => ({
      // Without input the file system is asked for the requested file (I-50).
      input: readTemplate(input || (matchType === 'Pattern' ? '' : '{REQUEST_FILENAME}')),
      negate,
      test: matchType === 'Pattern' ? testOf(pattern, { syntax, ignoreCase }) : matchType,
    })),
  }
}

/** The test of one whole text: ExactMatch is the text itself; the other syntaxes search in it. */
export function testOf(source: string, kind: PatternKind): Test {
  const pattern: Pattern = compilePattern(source, kind)
  return (text, budget) => {
    const found = pattern.find(text, 0, budget)
    if (kind.syntax === 'ExactMatch' && found && (found.index > 0 || found.end < text.length)) return undefined
    return found?.captures
  }
}

/** What conditions need. */
export interface Circumstances {
  readonly values: (captures: readonly string[]) => Values
  readonly files: Pick<RewriteRequest, 'isFile' | 'isDirectory'>
  readonly budget: Budget
}

/**
 * The captures of conditions, undefined when the conditions do not hold. With MatchAll the last condition that captured counts, with
 * MatchAny the one that held; with `trackAllCaptures` the whole of the first and the groups of all (I-50).
 */
export function heldBy(
  { isAny, isTracking, items }: PreparedConditions,
  on: Circumstances,
): readonly string[] | undefined {
  let captures: readonly string[] = []
  for (const condition of items) {
    const found = ask(condition, captures, on)
    const holds = (found !== undefined) !== condition.negate
    if (holds && found && typeof condition.test === 'function')
      captures = isTracking && captures.length > 0 ? [...captures, ...found.slice(1)] : found
    if (holds && isAny) return captures
    if (!holds && !isAny) return undefined
  }
  return isAny && items.length > 0 ? undefined : captures
}

function ask(
  { input, test }: PreparedCondition,
  captures: readonly string[],
  on: Circumstances,
): readonly string[] | undefined {
  const text = expand(input, on.values(captures))
  if (typeof test === 'function') return test(text, on.budget)
  const path = text.replaceAll('\\', '/')
  return (test === 'IsFile' ? on.files.isFile(path) : on.files.isDirectory(path)) ? [] : undefined
}
