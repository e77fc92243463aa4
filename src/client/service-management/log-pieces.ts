/** The request for a log, from an offset in bytes on. */
export type AskForLog<Piece> = (log: string, offset: number) => Promise<Piece>

export interface LogPiece {
  readonly logicalPath: string
  readonly text: string
  readonly nextOffset: number
}

/**
 * The pieces of a log one after another from `start` on, in bytes, without end; an empty one when there is no more for now. Where the log
 * goes on in another file (W3SVC1, HTTPERR), the rest of the old file comes first, then the new one from its beginning.
 */
export async function* piecesOf<Piece extends LogPiece>(
  ask: AskForLog<Piece>,
  name: string,
  start = 0,
): AsyncGenerator<{ readonly piece: Piece; readonly offset: number }, never> {
  let path = ''
  let offset = start
  for (;;) {
    const piece = await ask(name, offset)
    if (path === '' || piece.logicalPath === path) {
      yield { piece, offset }
      path = piece.logicalPath
      offset = piece.nextOffset
      continue
    }
    const former = `${name}/${path.slice(path.lastIndexOf('\\') + 1)}`
    for (let rest = await ask(former, offset); rest.text !== ''; rest = await ask(former, offset)) {
      yield { piece: rest, offset }
      offset = rest.nextOffset
    }
    path = piece.logicalPath
    offset = 0
  }
}
