import { combineRanges, parse } from 'range-parser'

/** Both ends are sent. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** As Apache's MaxRanges: a client that asks for more is sent the whole file. */
const mostRanges = 200

/**
 * Parts of a file that a Range field asks for, those that touch as one; empty: none of them is in the file (416). Undefined: the field is not a list
 * of byte ranges, and the whole is sent.
 */
export function rangesOf(field: string, sizeBytes: number): readonly ByteRange[] | undefined {
  const { code, type, ranges } = parse(sizeBytes, field)
  const isMalformed = (code & malformed) !== 0
  const isSuffixOfNothing = code === 0 && ranges.length === 0
  if (type !== 'bytes' || isMalformed || isSuffixOfNothing || ranges.length > mostRanges) return undefined
  return combineRanges(ranges).map(({ start, end }) => ({ start, end }))
}

/** The library's bit for a member that is none. */
const malformed = 1
