/** Lines that are remembered as said. Origin: choice. */
const mostLines = 1_000

/** Says a line the first time only: what is passed over of a section concerns each of its requests. */
export function sayOnce(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>()
  return (line) => {
    if (said.has(line) || said.size >= mostLines) return
    said.add(line)
    say(line)
  }
}
