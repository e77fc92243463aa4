import { nearEndOf } from '../../../service-management/log-end.ts'
import { type AskForLog, type LogPiece, piecesOf } from '../../../service-management/log-pieces.ts'
import { appended, firstBytes, type LogWindow, prepended, windowFrom, windowLimits } from './log-window.ts'

/** A piece as the API answers it (G-1). */
export interface Piece extends LogPiece {
  readonly realPath: string
  /** The logs that there are, when there is none of the name. */
  readonly known: readonly string[]
}

/** A log as a page has it. */
export interface ShownLog {
  /** Its logical path, and where it lies on the host; both '' when the instance has no log of the name. */
  readonly place: Pick<Piece, 'logicalPath' | 'realPath' | 'known'>
  readonly window: LogWindow
}

/** Most bytes of a piece (Read Log). */
const pieceBytes = 64 * 1024
/** So much of the newest is read at first, and so much of what is older at each further step, in bytes. Origin: choice. */
const stepBytes = 4 * pieceBytes

interface Follower {
  readonly ask: AskForLog<Piece>
  readonly name: string
  /** Resolves when it is time to ask for more; rejects when nobody looks any more. */
  readonly more: () => Promise<void>
  tell(change: (shown: ShownLog | undefined) => ShownLog): void
}

/** Tells the newest lines of a log, then what is added to it, until `more` rejects. */
export async function followLog({ ask, name, more, tell }: Follower): Promise<never> {
  const end = await nearEndOf(ask, name)
  for await (const { piece, offset } of piecesOf(ask, name, Math.max(0, end - stepBytes))) {
    tell((shown) => withPiece(shown, piece, offset))
    if (piece.text === '') await more()
  }
  throw new Error('A log that is followed has no end.')
}

function withPiece(shown: ShownLog | undefined, piece: Piece, offset: number): ShownLog {
  const isSame = shown?.place.logicalPath === piece.logicalPath
  if (isSame && piece.text === '' && piece.nextOffset === shown.window.end) return shown
  const window = isSame
    ? appended(shown.window, piece.text, piece.nextOffset)
    : windowFrom(piece.text, offset, piece.nextOffset)
  return { place: isSame ? shown.place : piece, window }
}

/** Tells what stands before the lines that are shown, as far as there is room for it. */
export async function loadOlder(
  ask: AskForLog<Piece>,
  name: string,
  { place, window: { begin } }: ShownLog,
  tell: Follower['tell'],
): Promise<void> {
  const offset = Math.max(0, begin - stepBytes)
  let text = ''
  for (let at = offset; at < begin; ) {
    const piece = await ask(name, at)
    // Another file has taken its place meanwhile, which is then shown.
    if (piece.logicalPath !== place.logicalPath || piece.nextOffset <= at) return
    text += piece.nextOffset > begin ? firstBytes(piece.text, begin - at) : piece.text
    at = piece.nextOffset
  }
  tell((shown) => {
    if (!shown) throw new Error('What is older than nothing?')
    const isSame = shown.place.logicalPath === place.logicalPath && shown.window.begin === begin
    return isSame ? { ...shown, window: prepended(shown.window, text, offset) } : shown
  })
}

/** Whether `loadOlder` has something to load, and room for it. */
export function hasOlder({ begin, characters, lines }: LogWindow): 'yes' | 'nothing' | 'noRoom' {
  if (begin === 0) return 'nothing'
  const isRoom = characters + stepBytes <= windowLimits.characters && lines.length < windowLimits.lines
  return isRoom ? 'yes' : 'noRoom'
}

/** A log from its beginning up to `end`, in bytes, or up to where it ends now. */
export async function* wholeLog(ask: AskForLog<Piece>, name: string, end: number) {
  for (let offset = 0; offset < end; ) {
    const { text, nextOffset } = await ask(name, offset)
    if (text === '' || nextOffset <= offset) return
    yield { text, offset: nextOffset }
    offset = nextOffset
  }
}
