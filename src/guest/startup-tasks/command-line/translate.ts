import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { runBuiltIn } from './built-ins.ts'
import { expandVariables, meant } from './expand.ts'
import { resolveProgram } from './program.ts'
import { readLine } from './read-line.ts'
import { argumentOf, nested, pathOf, redirected, type Script, type Surroundings, shellCommand } from './script.ts'
import { splitArguments, splitName } from './split-arguments.ts'
import type { Condition, Line, Redirection } from './syntax.ts'
import { unwrap } from './wrappers.ts'

/** A line that was read, as a script; refused where nothing here does what it asks for. */
export function translate(line: Line, surroundings: Surroundings): Result<Script> {
  switch (line.kind) {
    case 'nothing':
      return shellCommand(':')
    case 'unreadable':
      return refused('UnreadableCommand', `the Windows command shell could not read it: ${meant(line.why)}`)
    case 'command':
      return around(line.text === '' ? shellCommand(':') : command(line.text, surroundings), line, surroundings)
    case 'group':
      return around(translate(line.line, surroundings), line, surroundings)
    case 'joined':
      return joined(line, surroundings)
    case 'if':
      return conditional(line, surroundings)
  }
}

function around(
  script: Result<Script>,
  { redirections }: { readonly redirections: readonly Redirection[] },
  surroundings: Surroundings,
): Result<Script> {
  return script.ok ? fine(redirected(script.value, redirections, surroundings)) : script
}

/** A single `&` parts commands in the original's shell, and does not send one to the background. */
function joined({ operator, left, right }: Line & { kind: 'joined' }, surroundings: Surroundings): Result<Script> {
  const [first, second] = [translate(left, surroundings), translate(right, surroundings)]
  if (right.kind === 'nothing' || !first.ok) return first
  if (!second.ok) return second
  const text = `${nested(first.value)}${operator === '&' ? ';' : ` ${operator}`} ${nested(second.value)}`
  const programs = [...first.value.programs, ...second.value.programs]
  return fine({ kind: 'line', text, redirections: '', programs })
}

function conditional(line: Line & { kind: 'if' }, surroundings: Surroundings): Result<Script> {
  const consequence = translate(line.consequence, surroundings)
  if (!consequence.ok) return consequence
  const alternative = line.alternative && translate(line.alternative, surroundings)
  if (alternative && !alternative.ok) return alternative
  const otherwise = alternative ? `else ${nested(alternative.value)}; ` : ''
  const programs = [...consequence.value.programs, ...(alternative?.value.programs ?? [])]
  const asked = test(line.condition, surroundings)
  return shellCommand(`if ${asked}; then ${nested(consequence.value)}; ${otherwise}fi`, programs)
}

function test({ not, ignoreCase, test: asked }: Condition, { variables, find }: Surroundings): string {
  const negation = not ? '! ' : ''
  switch (asked.kind) {
    case 'exist':
      return `${negation}[ -e ${pathOf(asked.word, find)} ]`
    case 'errorlevel':
      return `${negation}[ $? -ge ${Number.parseInt(asked.word, 10) || 0} ]`
    case 'defined': {
      const defined = Object.keys(variables).some((name) => name.toLowerCase() === asked.word.toLowerCase())
      return negation + String(defined)
    }
    case 'equal': {
      const [left, right] = [asked.left, asked.right].map((side) => (ignoreCase ? side.toLowerCase() : side))
      return negation + String(left === right)
    }
  }
}

/** It ends: what is inside a wrapper is shorter than the wrapper. */
function command(text: string, surroundings: Surroundings): Result<Script> {
  const builtIn = runBuiltIn(text, surroundings)
  if (builtIn) return builtIn
  const { name, rest } = splitName(text)
  const inside = unwrap(name, rest)
  switch (inside?.kind) {
    case 'refused':
      return refused('WindowsCommand', meant(inside.why))
    case 'line':
      return translate(readLine(expandVariables(inside.text, surroundings.variables)), surroundings)
    case 'background':
      return inBackground(translate(readLine(inside.text), surroundings))
    case 'program':
      return program(inside.name, inside.words, surroundings)
    case undefined:
    default:
      return program(name, splitArguments(rest, /\.(?:cmd|bat)$/i.test(name) ? 'batch' : 'program'), surroundings)
  }
}

function inBackground(script: Result<Script>): Result<Script> {
  if (!script.ok) return script
  return fine({ ...script.value, kind: 'line', text: `${nested(script.value)} & :`, redirections: '' })
}

function program(name: string, words: readonly string[], { find }: Surroundings): Result<Script> {
  const resolved = resolveProgram(meant(name).replaceAll('\\', '/'), find)
  if (!resolved.ok) return resolved
  const { words: before, programs } = resolved.value
  const text = [...before, ...words.map((word) => argumentOf(word, find))].join(' ')
  return fine({ kind: 'program', text, redirections: '', programs })
}
