/** As much of a program's output as iisnode shows to a developer, in bytes (I-42). */
const mostBytes = 64 * 1024

/** The last output of a program. */
export interface KeptOutput {
  readonly add: (piece: Buffer) => void
  readonly text: () => string
}

export function keepOutput(): KeptOutput {
  let kept = Buffer.alloc(0)
  return {
    add(piece) {
      kept = Buffer.concat([kept, piece.subarray(-mostBytes)]).subarray(-mostBytes)
    },
    text: () => kept.toString('utf8'),
  }
}
