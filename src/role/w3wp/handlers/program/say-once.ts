/** Most lines that are remembered as logged. Origin: choice. */
const mostLines = 1_000

/** Logs a line the first time only: a skipped part of a section concerns each of its requests. */
export function sayOnce(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>()
  return (line) => {
    if (said.has(line) || said.size >= mostLines) return
    said.add(line)
    say(line)
  }
}
