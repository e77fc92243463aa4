import { readFileSync } from 'node:fs'
import { systemWords } from '../../kernel/system-words.ts'
import { Failure } from '../failure.ts'

/** A file that was named on the command line; `what` says what it was named as. Throws a Failure with one sentence when it cannot be read. */
export function readUserFile(path: string, what: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Failure(`The ${what} ${path} ${reasonOf(error as NodeJS.ErrnoException)}`)
  }
}

/** A configuration that was named. Throws like `readUserFile`, and for an empty one. */
export function readConfiguration(path: string): Buffer {
  const bytes = readUserFile(path, 'configuration')
  if (bytes.toString().trim() !== '') return bytes
  throw new Failure(`The configuration ${path} is empty. Name a .cscfg file with a ServiceConfiguration in it.`)
}

/** The system's error for a file, for a person. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist. Check the path.'
    case 'EEXIST':
      return 'is no directory. Choose another path.'
    case 'EISDIR':
      return 'is a directory. Name a file.'
    case 'EACCES':
    case 'EPERM':
      return 'may not be read or written by this user. Check its mode.'
    case undefined:
    default:
      return `cannot be read or written: ${systemWords(error)}.`
  }
}
