import { lastCode } from './batch/batch-commands.ts'
import { translateBatch } from './batch/translate-batch.ts'
import { runBuiltIn } from './built-ins.ts'
import { byWine } from './by-wine.ts'
import { compared } from './compared.ts'
import { expandVariables, meant } from './expand.ts'
import { recipe, resolveProgram } from './program.ts'
import { quote } from './quote.ts'
import { readLine } from './read-line.ts'
import {
  argumentOf,
  nested,
  pathOf,
  redirected,
  type Script,
  type Surroundings,
  shellCommand,
  unknownCommand,
} from './script.ts'
import { splitArguments, splitName } from './split-arguments.ts'
import type { Condition, Line } from './syntax.ts'
import { batchFile } from './windows-program.ts'
import { unwrap } from './wrappers.ts'

/** A line that was read, as a script. Everything that cannot run here is among its `uses`. */
export function translate(line: Line, surroundings: Surroundings): Script {
  switch (line.kind) {
    case 'nothing':
      return shellCommand(':')
    case 'unreadable':
      return unknownCommand('', `the Windows command shell could not read it: ${line.why}`)
    case 'command': {
      const script = line.text === '' ? shellCommand(':') : command(line.text, surroundings)
      return redirected(script, line.redirections, surroundings)
    }
    case 'group':
      return redirected(translate(line.line, surroundings), line.redirections, surroundings)
    case 'joined':
      return joined(line, surroundings)
    case 'if':
      return conditional(line, surroundings)
  }
}

/** A single `&` parts commands in the original's shell, and does not send one to the background. */
function joined({ operator, left, right }: Line & { kind: 'joined' }, surroundings: Surroundings): Script {
  const first = translate(left, surroundings)
  if (right.kind === 'nothing') return first
  const second = translate(right, surroundings)
  const text = `${nested(first)}${operator === '&' ? ';' : ` ${operator}`} ${nested(second)}`
  return { kind: 'line', text, redirections: '', uses: [...first.uses, ...second.uses] }
}

function conditional(line: Line & { kind: 'if' }, surroundings: Surroundings): Script {
  const consequence = translate(line.consequence, surroundings)
  const alternative = line.alternative && translate(line.alternative, surroundings)
  const otherwise = alternative ? `else ${nested(alternative)}; ` : ''
  const uses = [...consequence.uses, ...(alternative?.uses ?? [])]
  const asked = test(line.condition, surroundings)
  return shellCommand(`if ${asked}; then ${nested(consequence)}; ${otherwise}fi`, uses)
}

function test({ not, ignoreCase, test: asked }: Condition, { variables, find, batch }: Surroundings): string {
  const negation = not ? '! ' : ''
  switch (asked.kind) {
    case 'exist':
      return `${negation}[ -e ${pathOf(asked.word, find)} ]`
    case 'errorlevel':
      return `${negation}[ ${batch ? lastCode : '$?'} -ge ${Number.parseInt(asked.word, 10) || 0} ]`
    case 'defined': {
      const defined = Object.keys(variables).some((name) => name.toLowerCase() === asked.word.toLowerCase())
      return negation + String(defined)
    }
    case 'compared': {
      const [left, right] = [asked.left, asked.right].map((side) => (ignoreCase ? side.toLowerCase() : side)) as [
        string,
        string,
      ]
      return negation + compared(asked.operator, left, right, batch !== undefined)
    }
  }
}

/** It ends: what is inside a wrapper is shorter than the wrapper. */
function command(text: string, surroundings: Surroundings): Script {
  const builtIn = runBuiltIn(text, surroundings)
  if (builtIn) return builtIn
  const { name, rest } = splitName(text)
  const inside = unwrap(name, rest)
  switch (inside?.kind) {
    case 'refused':
      return unknownCommand(text, inside.why)
    case 'line':
      return inner(readLine(expandVariables(inside.text, surroundings.variables)), surroundings)
    case 'background':
      return inBackground(inner(readLine(inside.text), surroundings))
    case 'program':
      return program(inside.name, { words: inside.words, rest: inside.words.join(' ') }, surroundings)
    case undefined:
    default:
      return program(
        name,
        { words: splitArguments(rest, batchFile.test(name) ? 'batch' : 'program'), rest },
        surroundings,
      )
  }
}

/** Programs that only run another, in one another: `cmd /c call start x` has three. */
const mostWrappers = 20

/** A line in a line. In a batch file its `exit` ends only that line, and its exit code is that of the last program. */
function inner(line: Line, surroundings: Surroundings): Script {
  const { wrappers = 0, batch } = surroundings
  if (wrappers >= mostWrappers)
    return unknownCommand('', `more than ${mostWrappers} programs that only run another stand in one another`)
  const script = translate(line, { ...surroundings, wrappers: wrappers + 1 })
  return batch ? shellCommand(`{ ( ${nested(script)} ); keep; }`, script.uses) : script
}

function inBackground(script: Script): Script {
  return { ...script, kind: 'line', text: `${nested(script)} & :`, redirections: '' }
}

/** `rest`: the arguments as the line has them. */
function program(
  name: string,
  given: { readonly words: readonly string[]; readonly rest: string },
  surroundings: Surroundings,
): Script {
  const {
    words: before,
    use,
    asWritten = false,
    batch,
  } = resolveProgram(meant(name).replaceAll('\\', '/'), surroundings)
  const { find, variables, wine } = surroundings
  const read = batch && translateBatch(batch.head(), { path: batch.path, words: given.words }, surroundings, translate)
  if (read !== undefined) return batchRead(use.asked, read)
  const words =
    use.kind === 'wine' && wine
      ? byWine(use.file, given, wine, variables)
      : [...before, ...given.words.map((word) => (asWritten ? quote(meant(word)) : argumentOf(word, find)))]
  const text = words.join(' ')
  return surroundings.batch
    ? shellCommand(`run ${text}`, [use])
    : { kind: 'program', text, redirections: '', uses: [use] }
}

function batchRead(asked: string, script: string): Script {
  const { words, use } = recipe(
    'sh',
    asked,
    'it asks for our appcmd and for what the shell itself does, and is read here',
  )
  return { kind: 'program', text: [...words, '-c', quote(script)].join(' '), redirections: '', uses: [use] }
}
