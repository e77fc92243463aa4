import { type Cursor, rest, sign, skip, take, Unreadable, within } from './cursor.ts'
import { blank, commandText, redirectionsBehind, word } from './read-words.ts'
import { type Comparison, type Condition, type Line, operators } from './syntax.ts'

/**
 * Reads a line like the original's command shell after its variables are filled in: carets, quotes, redirections in any place,
 * `&`, `&&`, `||`, `|`, parentheses, `@`, `if`, `rem`.
 */
export function readLine(text: string): Line {
  const cursor: Cursor = { line: text, at: 0, depth: 0, level: 0 }
  try {
    const line = joined(cursor)
    if (cursor.at < text.length) throw new Unreadable(`${rest(cursor)} was not expected there`)
    return line
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', why: error.message }
    throw error
  }
}

/** Commands joined by the operator at this place of the table, or a stronger one. */
function joined(cursor: Cursor, strength = 0): Line {
  const operator = operators[strength]
  if (operator === undefined) return command(cursor)
  let left = joined(cursor, strength + 1)
  for (;;) {
    skip(cursor, /\s/)
    if (operatorAt(cursor) !== operator) return left
    cursor.at += operator.length
    skip(cursor, /\s/)
    if (left.kind === 'nothing') throw new Unreadable(`there is no command before "${operator}"`)
    const right = joined(cursor, strength + 1)
    if (right.kind === 'nothing' && operator !== '&') throw new Unreadable(`there is no command behind "${operator}"`)
    left = { kind: 'joined', operator, left, right }
  }
}

function operatorAt({ line, at }: Cursor): string | undefined {
  return ['&&', '||', '&', '|'].find((operator) => line.startsWith(operator, at))
}

function command(cursor: Cursor): Line {
  skip(cursor, /[\s,;=@]/)
  if (take(cursor, /rem(?![^\s,;=])[^]*/) !== undefined) return { kind: 'nothing' }
  if (sign(cursor) === '(') return within(cursor, () => group(cursor))
  if (take(cursor, /if(?=[\s,;=])/) !== undefined) return within(cursor, () => conditional(cursor))
  const { text, redirections } = commandText(cursor)
  return text === '' && redirections.length === 0 ? { kind: 'nothing' } : { kind: 'command', text, redirections }
}

function group(cursor: Cursor): Line {
  cursor.at += 1
  cursor.depth += 1
  const line = joined(cursor)
  if (sign(cursor) !== ')') throw new Unreadable('a parenthesis is not closed')
  cursor.at += 1
  cursor.depth -= 1
  return { kind: 'group', line, redirections: redirectionsBehind(cursor) }
}

function conditional(cursor: Cursor): Line {
  const condition = conditionOf(cursor)
  skip(cursor, /\s/)
  const inParentheses = sign(cursor) === '('
  const consequence = inParentheses ? group(cursor) : joined(cursor)
  if (consequence.kind === 'nothing') throw new Unreadable('"if" has no command')
  skip(cursor, /\s/)
  if (!inParentheses || take(cursor, /else(?=[\s(])/) === undefined) return { kind: 'if', condition, consequence }
  skip(cursor, /\s/)
  return { kind: 'if', condition, consequence, alternative: sign(cursor) === '(' ? group(cursor) : joined(cursor) }
}

function conditionOf(cursor: Cursor): Condition {
  let ignoreCase = false
  let not = false
  for (skip(cursor, blank); ; skip(cursor, blank)) {
    if (take(cursor, /\/i(?=\s)/) !== undefined) ignoreCase = true
    else if (take(cursor, /not(?=\s)/) !== undefined) not = true
    else return { not, ignoreCase, test: testOf(cursor) }
  }
}

function testOf(cursor: Cursor): Condition['test'] {
  const kind = take(cursor, /(?:exist|defined|errorlevel)(?=\s)/)?.toLowerCase() as
    | 'exist'
    | 'defined'
    | 'errorlevel'
    | undefined
  if (kind !== undefined) {
    skip(cursor, blank)
    return { kind, word: word(cursor, blank) }
  }
  const left = word(cursor, /[\s=]/, false)
  skip(cursor, /\s/)
  const operator = take(cursor, /==|(?:equ|neq|lss|leq|gtr|geq)(?=\s)/)?.toLowerCase() as Comparison | undefined
  if (operator === undefined) throw new Unreadable(`the comparison of "if" at ${rest(cursor)} is not known here`)
  skip(cursor, /\s/)
  return { kind: 'compared', operator, left, right: word(cursor, /\s/, false) }
}
