import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { optionWords } from '../../kernel/option-words.ts'
import { exitCodes, Failure } from '../failure.ts'
import type { Examine, LayOver } from '../packages/examine-facility.ts'
import type { MakeTemporaryDirectory, Pack } from '../packages/pack-facility.ts'
import { openApi } from './api.ts'
import { helpText, type OwnVerb, verbHelp } from './help.ts'
import { type ReadPublishSettings, signIn } from './sign-in.ts'
import { openTerminal, type Terminal } from './terminal.ts'
import type { Verb } from './verb.ts'

/** What `main.ts` brings. */
export interface Parts {
  readonly verbs: readonly Verb[]
  readonly ownVerbs: readonly OwnVerb[]
  readonly pack: Pack
  readonly layOver: LayOver
  readonly temporaryDirectory: MakeTemporaryDirectory
  readonly examine: Examine
  readonly readPublishSettings: ReadPublishSettings
  readonly signal: AbortSignal
}

const everywhere: ParseArgsOptionsConfig = {
  data: { type: 'string' },
  'publish-settings': { type: 'string' },
  ca: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
}

/** Carries out a command line, the words after `reddog`; the answer is the exit code. */
export async function run(words: readonly string[], parts: Parts): Promise<number> {
  const terminal = openTerminal(words.includes('--json'), process.stdout, process.stderr)
  if (words.length === 0 || words[0] === 'help' || words[0] === '--help' || words[0] === '-h') {
    process.stdout.write(helpText(parts.ownVerbs, parts.verbs))
    return exitCodes.done
  }
  try {
    const asked = words[0] === '--version' ? ['version', ...words.slice(1)] : words
    const verb = verbOf(asked, parts)
    await carryOut(verb, asked.slice(verb.name.split(' ').length), terminal, parts)
    return exitCodes.done
  } catch (error) {
    terminal.settle()
    const operation = terminal.operation()
    const warnings = terminal.warned()
    const known = { ...(operation && { operation }), ...(warnings.length > 0 && { warnings }) }
    if (parts.signal.aborted) {
      terminal.object({ ...known, error: `Interrupted.${operation === undefined ? '' : ' What was asked goes on.'}` })
      return exitCodes.interrupted
    }
    if (!(error instanceof Failure)) throw error
    terminal.object({ ...known, ...error.facts, error: error.message })
    terminal.note(`reddog: ${error.message}`)
    return error.exitCode
  }
}

async function carryOut(verb: Verb, words: readonly string[], terminal: Terminal, parts: Parts): Promise<void> {
  const { values, positionals } = parsed(verb, verb.respelled?.(words) ?? words)
  if (values['help']) {
    process.stdout.write(verbHelp(verb))
    return
  }
  const [least, most] = verb.words
  if (positionals.length < least || positionals.length > most)
    throw new Failure(`"${words.join(' ')}" does not fit. Write: reddog ${verb.name} ${verb.form}`, exitCodes.wrongUse)
  const text = (name: string) => values[name] as string | undefined
  const ownSignIn = () =>
    signIn({ publishSettings: text('publish-settings'), data: text('data'), ca: text('ca') }, parts.readPublishSettings)
  await verb.run({
    words: positionals,
    options: values,
    terminal,
    pack: parts.pack,
    layOver: parts.layOver,
    temporaryDirectory: parts.temporaryDirectory,
    examine: parts.examine,
    signal: parts.signal,
    signIn: ownSignIn,
    api: () => openApi(ownSignIn()),
  })
}

function parsed(verb: Verb, words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: { ...everywhere, ...verb.options }, allowPositionals: true })
  } catch (error) {
    throw new Failure(`${optionWords(error as Error)} Write: reddog ${verb.name} ${verb.form}`, exitCodes.wrongUse)
  }
}

/** The verb at the beginning of the words; names of two words are preferred. */
function verbOf(words: readonly string[], { verbs, ownVerbs }: Parts): Verb {
  const found = [words.slice(0, 2).join(' '), words[0]]
    .map((name) => verbs.find((verb) => verb.name === name))
    .find((verb) => verb !== undefined)
  if (found) return found
  const names = [...ownVerbs, ...verbs].map(({ name }) => name)
  const family = names.filter((name) => name.startsWith(`${words[0]} `))
  throw new Failure(
    `No verb is called "${words[0]}${family.length > 0 && words[1] ? ` ${words[1]}` : ''}". ${family.length > 0 ? `There are: ${family.join(', ')}` : `The verbs: ${names.join(', ')}`}.`,
    exitCodes.wrongUse,
  )
}
