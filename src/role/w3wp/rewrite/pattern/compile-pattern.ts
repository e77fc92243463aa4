import { RegExpParser } from '@eslint-community/regexpp'
import { backtrackingPattern } from './backtracking.ts'
import { linearPattern } from './linear.ts'
import { BadPattern, type Pattern } from './pattern.ts'

/** How a rule's patterns are written, with its case. */
export interface PatternKind {
  readonly syntax: 'ECMAScript' | 'Wildcard' | 'ExactMatch'
  readonly ignoreCase: boolean
}

/** Characters of a pattern. Origin: choice; the longest of a real web.config that was seen has some thousand. */
const longestPattern = 16_384

/**
 * A pattern that has bounded time on every text (I-55): in linear time wherever its features allow it, by counted steps elsewhere. Throws
 * BadPattern.
 */
export function compilePattern(source: string, { syntax, ignoreCase }: PatternKind): Pattern {
  if (source.length > longestPattern)
    throw new BadPattern(`the pattern has ${source.length} characters; ${longestPattern} are the most`)
  if (syntax === 'ExactMatch') return exactPattern(source, ignoreCase)
  return compileExpression(syntax === 'Wildcard' ? wildcardExpression(source) : source, ignoreCase)
}

/** A regular expression as ECMAScript without flags has it. */
function compileExpression(source: string, ignoreCase: boolean): Pattern {
  try {
    const tree = new RegExpParser().parsePattern(source, 0, source.length, { unicode: false, unicodeSets: false })
    return linearPattern(tree, ignoreCase) ?? backtrackingPattern(tree, ignoreCase)
  } catch (error) {
    if (error instanceof SyntaxError) throw new BadPattern(error.message)
    if (error instanceof RangeError) throw new BadPattern('it is nested too deeply')
    throw error
  }
}

/** `*` captures any text, `?` is one character and captures nothing; the whole text must fit. */
function wildcardExpression(source: string): string {
  const parts = source.replace(/[\\^$.*+?()[\]{}|/-]/g, (found) => {
    if (found === '*') return '([^]*)'
    return found === '?' ? '[^]' : `\\${found}`
  })
  return `^${parts}$`
}

function exactPattern(source: string, ignoreCase: boolean): Pattern {
  const lowered = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  const wanted = lowered(source)
  // A body is searched again behind each place that was found.
  let last = { text: '', searched: '' }
  return {
    find(text, from) {
      if (last.text !== text) last = { text, searched: lowered(text) }
      const index = last.searched.indexOf(wanted, from)
      const end = index + source.length
      return index < 0 ? undefined : { index, end, captures: [text.slice(index, end)] }
    },
  }
}
