import type { AST } from '@eslint-community/regexpp'
import { RE2JS, RE2JSException } from 're2js'
import { canBeEmpty, groupsOf } from './features.ts'
import type { Pattern } from './pattern.ts'

/** The pattern on an engine of linear time; undefined when it has a feature that such an engine lacks, or treats differently. */
export function linearPattern(tree: AST.Pattern, ignoreCase: boolean): Pattern | undefined {
  const source = expression(tree)
  if (source === undefined) return undefined
  const compiled = compile(source, ignoreCase)
  if (!compiled) return undefined
  return {
    find(text, from) {
      const matcher = compiled.matcher(text)
      if (!matcher.find(from)) return undefined
      const captures = Array.from({ length: compiled.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '')
      return { index: matcher.start(), end: matcher.end(), captures }
    },
  }
}

/** Too many repetitions, or a program that is too large, is refused by the engine. */
function compile(source: string, ignoreCase: boolean): RE2JS | undefined {
  try {
    return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  } catch (error) {
    if (error instanceof RE2JSException) return undefined
    throw error
  }
}

type Written = string | undefined

/** The pattern in the engine's own syntax, with nothing left to its reading of ECMAScript. */
function expression({ alternatives }: { readonly alternatives: readonly AST.Alternative[] }): Written {
  return joined(
    alternatives.map(({ elements }) => joined(elements.map(element), '')),
    '|',
  )
}

function joined(parts: readonly Written[], between: string): Written {
  return parts.every((part) => part !== undefined) ? parts.join(between) : undefined
}

function element(node: AST.Element): Written {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- what is not named here the engine has not
  switch (node.type) {
    case 'Character':
      return character(node.value)
    case 'CharacterSet':
      return set(node)
    case 'CharacterClass':
      return characterClass(node)
    case 'Group':
      return node.modifiers ? undefined : around('(?:', expression(node), ')')
    case 'CapturingGroup':
      return around('(', expression(node), ')')
    case 'Quantifier':
      return quantified(node)
    case 'Assertion':
      if (node.kind === 'start') return '\\A'
      if (node.kind === 'end') return '\\z'
      return node.kind === 'word' ? (node.negate ? '\\B' : '\\b') : undefined
    default:
      return undefined
  }
}

function around(before: string, inner: Written, after: string): Written {
  return inner === undefined ? undefined : `${before}${inner}${after}`
}

/** Half of a pair of code units is a character to ECMAScript, and none to the engine. */
function character(code: number): Written {
  return code >= 0xd800 && code <= 0xdfff ? undefined : `\\x{${code.toString(16)}}`
}

/** White space and line ends as ECMAScript has them. */
const spaces = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'

function set(node: AST.CharacterSet): Written {
  switch (node.kind) {
    case 'any':
      return '[^\\n\\r\\x{2028}\\x{2029}]'
    case 'digit':
      return node.negate ? '[^0-9]' : '[0-9]'
    case 'word':
      return node.negate ? '[^0-9A-Za-z_]' : '[0-9A-Za-z_]'
    case 'space':
      return node.negate ? `[^${spaces}]` : `[${spaces}]`
    case 'property':
      return undefined
  }
}

function characterClass({ elements, negate }: AST.CharacterClass): Written {
  if (elements.length === 0) return negate ? '[\\x{0}-\\x{10ffff}]' : '[^\\x{0}-\\x{10ffff}]'
  const inner = joined(
    elements.map((part) => {
      if (part.type === 'Character') return character(part.value)
      if (part.type === 'CharacterClassRange') {
        const [from, to] = [character(part.min.value), character(part.max.value)]
        return from && to && `${from}-${to}`
      }
      // A negated set inside a class cannot be written without its own brackets.
      if (part.type !== 'CharacterSet' || part.kind === 'property' || part.negate) return undefined
      return set(part)?.slice(1, -1)
    }),
    '',
  )
  return around(negate ? '[^' : '[', inner, ']')
}

/** ECMAScript forgets what a repeated group captured in an earlier round, the engine does not; empty rounds differ too. */
function quantified({ element: inner, min, max, greedy }: AST.Quantifier): Written {
  if (max > 1 && groupsOf(inner).length > (inner.type === 'CapturingGroup' ? 1 : 0)) return undefined
  if (canBeEmpty(inner)) return undefined
  const times = max === min ? `{${min}}` : `{${min},${max === Number.POSITIVE_INFINITY ? '' : max}}`
  // An assertion that is repeated needs brackets there.
  return around('(?:', element(inner), `)${times}${greedy ? '' : '?'}`)
}
