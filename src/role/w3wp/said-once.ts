/** Most lines that are remembered. */
const mostRemembered = 100

/** Says of each kind of answer that could not be sent, once, where that was. */
export function sayingFaults(say: (line: string) => void): (error: unknown) => void {
  const sayOnce = sayingOnce(say)
  return (error) => sayOnce(`An answer could not be sent: ${(error as Error).stack}`)
}

/** Says a line once: faults that each request meets again would fill the output. After many different ones it says no more. */
export function sayingOnce(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>()
  return (line) => {
    if (said.has(line) || said.size >= mostRemembered) return
    said.add(line)
    say(line)
  }
}
