/** A line of a program's output, in characters at most. Origin: choice. */
const longestLine = 2_000

/** Writes a program's output to the role's own, line by line, behind the name of its owner. */
export function sayOutput(say: (line: string) => void, name: string): (piece: Buffer) => void {
  return (piece) => {
    const lines = piece.toString('utf8').split(/\r?\n/)
    for (const line of lines.filter((text) => text.trim() !== '')) say(`${name}: ${line.slice(0, longestLine)}`)
  }
}
