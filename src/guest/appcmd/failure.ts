/** An error of the system, in the original's words, by Node's code. */
const failures: Readonly<Record<string, { readonly exitCode: number; readonly words: string }>> = {
  ENOENT: { exitCode: 2, words: 'The system cannot find the file specified.' },
  EACCES: { exitCode: 5, words: 'Access is denied.' },
  EPERM: { exitCode: 5, words: 'Access is denied.' },
  EROFS: { exitCode: 5, words: 'Access is denied.' },
  ENOSPC: { exitCode: 112, words: 'There is not enough space on the disk.' },
}

/** Why the configuration cannot be read or written; a role without sites has none. Throws errors that are not the system's. */
export function failureLines(
  error: NodeJS.ErrnoException,
  file: string,
): { readonly lines: readonly string[]; readonly exitCode: number } {
  const { code = '' } = error
  const known = Object.hasOwn(failures, code) ? failures[code] : undefined
  if (!known) throw error
  const hresult = (0x80070000 + known.exitCode).toString(16)
  return {
    lines: [`ERROR ( hresult:${hresult}, message:Command execution failed.`, `${known.words} ${file}`, ' )'],
    exitCode: known.exitCode,
  }
}

/** A process of this system returns one byte; `IF ERRORLEVEL 1` must also be true for larger codes. */
export function exitCodeOf(exitCode: number): number {
  return exitCode > 255 ? 1 : exitCode
}
