/** A line of a program's output, in characters at most. Origin: choice. */
const longestLine = 2_000

/** Says what a program writes among the role's own output, line by line, behind the name of whom it belongs to. */
export function sayOutput(say: (line: string) => void, name: string): (piece: Buffer) => void {
  return (piece) => {
    const lines = piece.toString('utf8').split(/\r?\n/)
    for (const line of lines.filter((text) => text.trim() !== '')) say(`${name}: ${line.slice(0, longestLine)}`)
  }
}
