/** Output of `up` and `down`: it is lost when nobody reads it, and never stops the writer. */
export interface Voice {
  /** A line about progress. */
  say(line: string): void
  /** The answer, as it is. */
  answer(text: string): void
  /** What keeps it from doing what was asked. */
  complain(line: string): void
}

/**
 * The process's own. With `json`, standard output contains only the answer. A reader that went away, or a full disk under a redirected output, is no
 * reason to leave a fabric without its supervisor.
 */
export function openVoice(json: boolean): Voice {
  const { stdout, stderr } = process
  for (const stream of [stdout, stderr]) stream.on('error', () => {})
  return {
    say: (line) => void (json ? stderr : stdout).write(`${line}\n`),
    answer: (text) => void stdout.write(text),
    complain: (line) => void stderr.write(`${line}\n`),
  }
}
