import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { optionWords } from '../../kernel/option-words.ts'
import { formsOf } from '../building/own-verbs.ts'
import { secretLine, secretPlace } from '../building/secret-line.ts'
import { WrongUse } from '../building/wrong-use.ts'

/** `reddog backup` or `reddog restore`. */
export interface BackupCommand {
  readonly verb: 'backup' | 'restore'
  readonly file: string
  /** Absolute. */
  readonly data: string
  readonly passphrase: string
  readonly json: boolean
}

/** Characters of the shortest passphrase: who has the file can try for as long as they like. Origin: choice. */
const shortestPassphrase = 12

/** Reads the words after `reddog`. Throws a WrongUse when they are not a command. */
export function readBackupCommand(words: readonly string[]): BackupCommand {
  const { values, positionals } = parsed(words)
  const [verb, file, ...rest] = positionals
  if ((verb !== 'backup' && verb !== 'restore') || !file || rest.length > 0)
    throw wrongUse(`"${words.join(' ')}" was asked.`)
  return {
    verb,
    file,
    data: resolve(values.data),
    passphrase: passphraseIn(values['passphrase-file']),
    json: values.json,
  }
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        data: { type: 'string', default: '.reddog' },
        'passphrase-file': { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw wrongUse(optionWords(error as Error))
  }
}

function wrongUse(sentence: string): WrongUse {
  return new WrongUse(`${sentence} Write:\n${formsOf('backup', 'restore')}`)
}

/** The first line of the file; `-` is standard input. */
function passphraseIn(file: string | undefined): string {
  if (file === undefined)
    throw new WrongUse(
      'A backup contains the keys of the fabric, so it is sealed. Name a file that contains a passphrase with --passphrase-file FILE, or - for standard input, and keep the passphrase elsewhere than the backup.',
    )
  const line = secretLine(file, 'Passphrase')
  if (line.length < shortestPassphrase)
    throw new WrongUse(
      `The first line of ${secretPlace(file)} is the passphrase, and has ${line.length} characters. Choose one of at least ${shortestPassphrase}.`,
    )
  return line
}
