import { readLine } from '../read-line.ts'
import { nested, type Script, type Surroundings } from '../script.ts'
import type { Line } from '../syntax.ts'
import { type Called, fillIn } from './fill-in.ts'
import { type Statement, statementsOf } from './statements.ts'

/** Characters of a batch file: as many as are read of it. */
const longestBatch = 64 * 1024 - 1

/**
 * A batch file as a script of this system, when it runs appcmd and otherwise only what is known here, like most startup tasks of web roles
 * (I-53). Undefined for any other, which is for wine or a stand-in.
 */
export function translateBatch(
  text: string,
  called: Called,
  surroundings: Surroundings,
  translate: (line: Line, surroundings: Surroundings) => Script,
): string | undefined {
  if (text.length > longestBatch || !/\bappcmd\b/i.test(text) || surroundings.batch) return undefined
  const statements = statementsOf(text)
  const labels = labelsOf(statements)
  const parts: string[][] = [[]]
  const uses: Script['uses'][number][] = []
  let { variables } = surroundings
  for (const statement of statements) {
    if (statement.kind === 'label') {
      parts.push([])
      continue
    }
    const filled = fillIn(statement.text, called, variables)
    if (filled === undefined) return undefined
    const line = readLine(filled)
    const set = settings(line)
    if (set === undefined) return undefined
    const script = translate(line, { ...surroundings, variables, batch: { labels } })
    uses.push(...script.uses)
    parts.at(-1)?.push(nested(script))
    variables = { ...withoutNames(variables, Object.keys(set)), ...set }
  }
  const isKnown = uses.every(({ kind }) => kind === 'recipe') && uses.some(({ asked }) => /appcmd/i.test(asked))
  return isKnown ? scriptOf(parts) : undefined
}

/** The number of the part that begins with a label; of labels with one name the first. */
function labelsOf(statements: readonly Statement[]): ReadonlyMap<string, number> {
  const names = statements.flatMap((statement) => (statement.kind === 'label' ? [statement.name] : []))
  return new Map(names.map((name, index) => [name, index + 1] as const).toReversed())
}

/** A variable that a line sets for the next ones; undefined when its value depends on something, so that it is not known beforehand. */
function settings(line: Line): Readonly<Record<string, string>> | undefined {
  if (line.kind === 'command') {
    const [, name = '', value = ''] = /^set\s+"?([A-Za-z_]\w*)=([^]*?)"?$/i.exec(line.text) ?? []
    if (value.includes('%')) return undefined
    return name === '' ? {} : { [name]: value }
  }
  return holdsSet(line) ? undefined : {}
}

function holdsSet(line: Line): boolean {
  switch (line.kind) {
    case 'command':
      return /^set\b/i.test(line.text)
    case 'joined':
      return holdsSet(line.left) || holdsSet(line.right)
    case 'group':
      return holdsSet(line.line)
    case 'if':
      return holdsSet(line.consequence) || (line.alternative !== undefined && holdsSet(line.alternative))
    case 'nothing':
    case 'unreadable':
      return false
  }
}

function withoutNames(
  variables: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const isKept = (name: string) => !names.some((one) => one.toLowerCase() === name.toLowerCase())
  return Object.fromEntries(Object.entries(variables).filter(([name]) => isKept(name)))
}

/** Parts follow one another; a `goto` starts another round, at another of them. */
function scriptOf(parts: readonly (readonly string[])[]): string {
  const branches = parts.map((lines, index) => {
    const next = index + 1 < parts.length ? `at=${index + 1}` : 'exit $level'
    return `${index})\n${[...lines, next].join('\n')}\n;;`
  })
  return [
    'keep() { level=$?; return $level; }',
    'run() { "$@"; keep; }',
    'level=0 at=0',
    'while :; do case $at in',
    ...branches,
    'esac; done',
  ].join('\n')
}
