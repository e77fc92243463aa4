import { type Condition, type Line, operators, type Redirection } from './syntax.ts'

/** Signs that part a command's name from the rest, and one word from the next, where no program reads them itself. */
const blank = /[\s,;=]/

/** Ends the reading; the sentence is what `readLine` returns. */
class Unreadable extends Error {}

/**
 * Reads a line as the original's command shell does once its variables are filled in: carets, quotes, redirections in any
 * place, `&`, `&&`, `||`, `|`, parentheses, `@`, `if`, `rem`.
 */
export function readLine(text: string): Line {
  const reader = openReader(text)
  try {
    const line = reader.joined(0)
    if (!reader.atEnd()) throw new Unreadable(`${reader.rest()} was not expected there`)
    return line
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', why: error.message }
    throw error
  }
}

function openReader(line: string) {
  let at = 0
  let depth = 0

  const rest = () => `"${line.slice(at).trim()}"`
  const atEnd = () => at >= line.length || (depth > 0 && line[at] === ')')
  const skip = (what: RegExp) => {
    while (at < line.length && what.test(line[at] as string)) at += 1
  }
  const takes = (pattern: RegExp): string | undefined => {
    const sticky = new RegExp(pattern.source, 'iy')
    sticky.lastIndex = at
    const [found] = sticky.exec(line) ?? []
    at += found?.length ?? 0
    return found
  }

  /** Commands joined by the operator at this place of the table, or a stronger one. */
  function joined(strength: number): Line {
    const operator = operators[strength]
    if (operator === undefined) return command()
    let left = joined(strength + 1)
    for (;;) {
      skip(/\s/)
      if (takesOperator() !== operator) return left
      at += operator.length
      skip(/\s/)
      if (left.kind === 'nothing') throw new Unreadable(`there is no command before "${operator}"`)
      const right = joined(strength + 1)
      if (right.kind === 'nothing' && operator !== '&') throw new Unreadable(`there is no command behind "${operator}"`)
      left = { kind: 'joined', operator, left, right }
    }
  }

  function takesOperator(): string | undefined {
    return ['&&', '||', '&', '|'].find((operator) => line.startsWith(operator, at))
  }

  function command(): Line {
    skip(/[\s,;=@]/)
    if (takes(/rem(?![^\s,;=])[^]*/) !== undefined) return { kind: 'nothing' }
    if (line[at] === '(') return group()
    if (takes(/if(?=[\s,;=])/) !== undefined) return conditional()
    const redirections: Redirection[] = []
    const text = commandText(redirections)
    return text === '' && redirections.length === 0 ? { kind: 'nothing' } : { kind: 'command', text, redirections }
  }

  function group(): Line {
    at += 1
    depth += 1
    const inner = joined(0)
    if (line[at] !== ')') throw new Unreadable('a parenthesis is not closed')
    at += 1
    depth -= 1
    const redirections: Redirection[] = []
    // Only redirections may follow.
    for (skip(/\s/); /[<>\d]/.test(line[at] ?? ''); skip(/\s/)) {
      const descriptor = takes(/\d(?=[<>])/) ?? ''
      if (!/[<>]/.test(line[at] ?? '')) break
      redirections.push(redirection(descriptor))
    }
    return { kind: 'group', line: inner, redirections }
  }

  function conditional(): Line {
    let ignoreCase = false
    let not = false
    for (skip(blank); ; skip(blank)) {
      if (takes(/\/i(?=\s)/) !== undefined) ignoreCase = true
      else if (takes(/not(?=\s)/) !== undefined) not = true
      else break
    }
    const condition = { not, ignoreCase, test: test() }
    skip(/\s/)
    const inParentheses = line[at] === '('
    const consequence = inParentheses ? group() : joined(0)
    if (consequence.kind === 'nothing') throw new Unreadable('"if" has no command')
    skip(/\s/)
    if (!inParentheses || takes(/else(?=[\s(])/) === undefined) return { kind: 'if', condition, consequence }
    skip(/\s/)
    return { kind: 'if', condition, consequence, alternative: line[at] === '(' ? group() : joined(0) }
  }

  function test(): Condition['test'] {
    const kind = takes(/(?:exist|defined|errorlevel)(?=\s)/)?.toLowerCase() as
      | 'exist'
      | 'defined'
      | 'errorlevel'
      | undefined
    if (kind !== undefined) {
      skip(blank)
      return { kind, word: word(blank) }
    }
    const left = word(/[\s=]/, false)
    skip(/\s/)
    if (takes(/==|equ(?=\s)/) === undefined)
      throw new Unreadable(`the comparison of "if" at ${rest()} is not known here`)
    skip(/\s/)
    return { kind: 'equal', left, right: word(/\s/, false) }
  }

  /** A word as the shell itself reads one; it ends at `end` or an operator outside of quotes. */
  function word(end: RegExp, withoutQuotes = true): string {
    let text = ''
    for (let quoted = false; at < line.length; at += 1) {
      const sign = line[at] as string
      if (sign === '"') quoted = !quoted
      else if (!quoted && (end.test(sign) || /[&|<>]/.test(sign) || (depth > 0 && sign === ')'))) break
      else if (!quoted && sign === '^') at += 1
      text += sign === '"' && withoutQuotes ? '' : (line[at] ?? '')
    }
    return text
  }

  /** The text of one command, its redirections taken out wherever they stand. */
  function commandText(redirections: Redirection[]): string {
    let text = ''
    for (let quoted = false; at < line.length; ) {
      const sign = line[at] as string
      if (sign === '"') quoted = !quoted
      if (!quoted && (sign === '&' || sign === '|' || (depth > 0 && sign === ')'))) break
      if (!quoted && (sign === '<' || sign === '>')) {
        const descriptor = /(?:^|[\s,;=])(\d)$/.exec(text)?.[1] ?? ''
        text = text.slice(0, text.length - descriptor.length)
        redirections.push(redirection(descriptor))
      } else if (!quoted && sign === '^') {
        text += line[at + 1] ?? ''
        at += 2
      } else {
        text += sign
        at += 1
      }
    }
    return text.trim()
  }

  function redirection(descriptor: string): Redirection {
    const operator = takes(/>>|>|</) as Redirection['operator']
    const duplicate = takes(/&\s*\d/)
    if (duplicate !== undefined) return { descriptor, operator, target: duplicate.replace(/\s/g, '') }
    skip(blank)
    const target = word(blank)
    if (target === '') throw new Unreadable(`"${operator}" names no file`)
    return { descriptor, operator, target }
  }

  return { joined, atEnd: () => atEnd() && depth === 0 && at >= line.length, rest }
}
