/** A piece of a command line: a word with its quotes, or an operator of the shell. */
export interface Piece {
  readonly kind: 'word' | 'redirection' | 'control'
  readonly text: string
}

const pieces =
  /(?<redirection>\d?(?:>>|[<>]&\d|[<>]))|(?<control>&&|\|\||[&|;])|(?<word>(?:"(?:\\"|[^"])*"?|'[^']*'|[^\s"&|;<>])+)/gy

/** The pieces of a command line, without the white space between them. */
export function piecesOf(commandLine: string): readonly Piece[] {
  const found: Piece[] = []
  let rest = commandLine.trim()
  while (rest !== '') {
    pieces.lastIndex = 0
    const match = pieces.exec(rest)
    if (!match) break
    const kind = (['redirection', 'control', 'word'] as const).find((name) => match.groups?.[name] !== undefined)
    found.push({ kind: kind ?? 'word', text: match[0] })
    rest = rest.slice(match[0].length).trimStart()
  }
  return found
}

/** A word as the shell is given it, and as it reads without quotes. */
export interface Word {
  readonly shell: string
  readonly plain: string
}

/** A word's `%VARIABLES%` filled in and its `\` turned; text between quotes keeps its meaning. */
export function readWord(text: string, variables: Readonly<Record<string, string>>): Word {
  const parts = text.match(/"(?:\\"|[^"])*"?|'[^']*'|[^"']+|'/g) ?? []
  const read = parts.map((part) => readPart(part, variables))
  return { shell: read.map(({ shell }) => shell).join(''), plain: read.map(({ plain }) => plain).join('') }
}

function readPart(part: string, variables: Readonly<Record<string, string>>): Word {
  if (part === "'") return { shell: "\\'", plain: part }
  if (part.startsWith("'")) {
    const inside = part.slice(1, -1)
    const shell = expand(inside, variables, (value) => value.replaceAll("'", "'\\''"))
    return { shell: `'${shell}'`, plain: expand(inside, variables) }
  }
  if (part.startsWith('"')) {
    const inside = turned(part.replace(/^"|"$/g, ''))
    return { shell: `"${expand(inside, variables, quoted)}"`, plain: expand(inside, variables) }
  }
  const inside = part.replaceAll('\\', '/')
  return { shell: expand(inside, variables, escaped), plain: expand(inside, variables) }
}

/** In quotes `\` is turned only where nothing but a path stands: a script for `sh -c` keeps its escapes. */
function turned(inside: string): string {
  return /^[\w\s.%:\\/()~@+,=-]*$/.test(inside) ? inside.replaceAll('\\', '/') : inside
}

/** `%NAME%` ignoring case; an unknown name stays as it is written, as in the command shell. */
function expand(text: string, variables: Readonly<Record<string, string>>, write = (value: string) => value): string {
  return text.replace(/%([^%\s]+)%/g, (written, name: string) => {
    const known = Object.keys(variables).find((key) => key.toLowerCase() === name.toLowerCase())
    return known === undefined ? written : write(variables[known] as string)
  })
}

function quoted(value: string): string {
  return value.replace(/[\\"$`]/g, '\\$&')
}

/** Outside quotes a value's spaces still part words, as in the command shell; its other signs mean themselves. */
function escaped(value: string): string {
  return value.replace(/[^\w\s./:@%+,=-]/g, '\\$&')
}

/** A text as one word of the shell. */
export function quote(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
