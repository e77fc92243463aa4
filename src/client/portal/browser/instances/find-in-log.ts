/** A place at which the text was found that is looked for. */
export interface Match {
  readonly row: number
  readonly start: number
  readonly end: number
}

/** Most places that are told: who finds more looks for something longer. Origin: choice. */
export const matchLimit = 10_000

/** Where the text stands in these rows, letter case aside; nowhere when it is empty. At most `matchLimit` places, the newest ones. */
export function matchesIn(rows: readonly string[], text: string): readonly Match[] {
  if (text === '') return []
  const wanted = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu')
  const found: Match[] = []
  for (let row = rows.length - 1; row >= 0 && found.length < matchLimit; row -= 1) {
    const inRow = [...(rows[row] as string).matchAll(wanted)]
    for (const { index, 0: whole } of inRow.toReversed()) found.push({ row, start: index, end: index + whole.length })
  }
  return found.slice(0, matchLimit).toReversed()
}

/** A match that was chosen, by the number of its line in the log (`first` of the window): it stays chosen when lines come before it. */
export interface Chosen {
  readonly line: number
  readonly start: number
}

/** The place among the matches of the chosen one, else of the next after it, else the last; -1 when there is none. */
export function placeOf(matches: readonly Match[], first: number, chosen: Chosen | undefined): number {
  if (!chosen) return matches.length - 1
  const row = chosen.line - first
  const at = matches.findIndex((one) => one.row > row || (one.row === row && one.start >= chosen.start))
  return at === -1 ? matches.length - 1 : at
}

/** Pieces of a row, of which some were found. */
export function marked(
  row: string,
  matches: readonly Match[],
): readonly { readonly text: string; readonly match: Match | undefined }[] {
  const pieces: { readonly text: string; readonly match: Match | undefined }[] = []
  let at = 0
  for (const match of matches) {
    if (match.start > at) pieces.push({ text: row.slice(at, match.start), match: undefined })
    pieces.push({ text: row.slice(match.start, match.end), match })
    at = match.end
  }
  return at < row.length ? [...pieces, { text: row.slice(at), match: undefined }] : pieces
}
