import type { AskForLog, LogPiece } from './log-pieces.ts'

/** How near to its end a log's end is found, in bytes. */
const nearBytes = 128 * 1024

/**
 * Where a log ends, in bytes, or at most 128 KiB before. The API has no question for it, but begins a log anew when the offset lies behind
 * its end, so an answer says on which side of the end it was asked: some 15 questions for a log of 50 MB, however slow it would be to read.
 */
export async function nearEndOf(ask: AskForLog<LogPiece>, name: string): Promise<number> {
  let inside = (await ask(name, 0)).nextOffset
  let outside: number | undefined
  for (let step = nearBytes; outside === undefined || outside - inside > nearBytes; step *= 2) {
    const offset = outside === undefined ? inside + step : Math.floor((inside + outside) / 2)
    const { nextOffset } = await ask(name, offset)
    if (nextOffset < offset) outside = offset
    else inside = nextOffset
  }
  return inside
}
