import { fine, type Result } from '../../kernel/fault.ts'
import { type FindFile, resolveProgram } from './command-line/program.ts'
import { type Piece, piecesOf, quote, readWord, type Word } from './command-line/words.ts'

export type { FindFile } from './command-line/program.ts'

/**
 * A command line written for the command shell of the original, as a script for `sh -c` (design.md 6, S-29): `%VAR%` filled
 * in, `\` turned, files found ignoring case, redirections kept. What has no other meaning there is left to `sh`.
 * A program that only Windows can run is refused with a sentence that names the two ways out.
 */
export function shellScript(
  commandLine: string,
  variables: Readonly<Record<string, string>>,
  find: FindFile,
): Result<string> {
  const pieces = piecesOf(commandLine)
  const script: string[] = []
  let expects: 'program' | 'shellSwitch' | 'argument' | 'target' = 'program'
  let afterTarget: 'program' | 'argument' = 'program'
  for (const piece of pieces) {
    if (piece.kind === 'control') {
      script.push(controlOf(piece))
      expects = 'program'
    } else if (piece.kind === 'redirection') {
      script.push(piece.text)
      // `1<&2` is whole; `>` waits for its file.
      if (!piece.text.includes('&')) {
        afterTarget = expects === 'program' ? 'program' : 'argument'
        expects = 'target'
      }
    } else {
      const word = readWord(piece.text, variables)
      if (expects === 'target') {
        script.push(word.plain.toLowerCase() === 'nul' ? '/dev/null' : word.shell)
        expects = afterTarget
      } else if (expects === 'program' && /^(?:.*\/)?cmd(?:\.exe)?$/i.test(word.plain)) {
        expects = 'shellSwitch'
      } else if (expects === 'shellSwitch' && /^\/[a-z]$/i.test(word.plain)) {
        expects = word.plain.toLowerCase() === '/c' ? 'program' : 'shellSwitch'
      } else if (expects === 'argument') {
        script.push(argument(word, find))
      } else {
        const program = resolveProgram(word, find)
        if (!program.ok) return program
        script.push(program.value)
        expects = 'argument'
      }
    }
  }
  const single = !pieces.some((piece) => piece.kind === 'control')
  return fine(`${single && !builtIns.test(script[0] ?? '') ? 'exec ' : ''}${script.join(' ')}`)
}

/** Words of the shell itself, which `exec` would look for on PATH. */
const builtIns = /^(?:(?:cd|exit|export|set|unset|umask|eval|exec|trap|wait|if|for|while|case|until|[.:!{(])$|\w+=)/

/** A single `&` parts commands in the original's shell, and does not send one to the background. */
function controlOf(piece: Piece): string {
  return piece.text === '&' ? ';' : piece.text
}

/** A path to a file whose name differs by case alone is mended; anything else stays. */
function argument(word: Word, find: FindFile): string {
  if (!/[./]/.test(word.plain)) return word.shell
  const found = find(word.plain)
  return found === undefined || found.path === word.plain ? word.shell : quote(found.path)
}
