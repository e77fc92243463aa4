import { expandVariables } from '../expand.ts'

/** The arguments of a batch file. */
export interface Called {
  /** As the shell reaches it from the working directory. */
  readonly path: string
  readonly words: readonly string[]
}

/** What the batch file's own shell puts for the number that the last program has returned; it is known when it runs. */
export const errorLevel = /^%errorlevel%$/i

/** What is filled in, from left to right: `%~dp0`, `%1`, `%~1`, `%*`, `%NAME%` and its changed forms. */
const asked = /%%|%~d?(p)0|%(~\w*)?([0-9*])|%[^%:\s][^%:]*(?::[^%]*)?%/gi

/** Characters of a line that its own shell takes, before and after. */
const longestLine = 8_191

/**
 * A line with the words that the file was called with and all variables filled in; undefined for one that is too long then. In a batch file,
 * unlike in a command line, an unset variable is empty.
 */
export function fillIn(
  line: string,
  { path, words }: Called,
  variables: Readonly<Record<string, string>>,
): string | undefined {
  const file = path.startsWith('/') ? path : `${variables['CD'] ?? '.'}/${path}`
  const quoted = words.map((word) => (/[\s&|<>^(),;=]/.test(word) ? `"${word}"` : word))
  let length = line.length
  const filled = line.replace(asked, (written, place, bare, which) => {
    if (length > longestLine) return ''
    const value = valueOf(written, { place, bare, which })
    length += value.length - written.length
    return value
  })
  return length > longestLine ? undefined : filled

  function valueOf(written: string, { place, bare, which }: Readonly<Record<string, string | undefined>>): string {
    if (written === '%%') return '%'
    if (place !== undefined) return file.slice(0, file.lastIndexOf('/') + 1)
    if (which === '*') return quoted.join(' ')
    if (which === '0') return file
    if (which !== undefined) return (bare === undefined ? quoted : words)[Number(which) - 1] ?? ''
    if (errorLevel.test(written)) return written
    const value = expandVariables(written, variables)
    return value === written ? '' : value
  }
}
