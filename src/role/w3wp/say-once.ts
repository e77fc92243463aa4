/** Most lines that are remembered as said. Origin: choice. */
const mostLines = 1_000

/** Says a line the first time only: what each request meets again would fill the output. After very many different ones it says no more. */
export function sayOnce(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>()
  return (line) => {
    if (said.has(line) || said.size >= mostLines) return
    said.add(line)
    say(line)
  }
}

/** Says of each kind of answer that could not be sent, once, where that was. */
export function sayingFaults(say: (line: string) => void): (error: unknown) => void {
  const once = sayOnce(say)
  return (error) => once(`An answer could not be sent: ${(error as Error).stack}`)
}
