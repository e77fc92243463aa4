import { damaged } from '../../service-model/cspkg/refusal.ts'

/** Messages of the libraries about a ZIP that they cannot read, and ours: the rest of `the file …` or `part "x" …`. */
const faults: readonly (readonly [RegExp, string])[] = [
  [
    /End of central directory record signature not found|Invalid comment length|unexpected EOF|file data overflows/i,
    'is cut off, or has bytes behind its end',
  ],
  [/multi-disk/i, 'is one piece of a ZIP in several'],
  [/central directory file header|zip64|extra field|too large/i, 'has a table of contents that cannot be read'],
  [/local file header/i, 'is not where the table of contents of its ZIP says'],
  [/too many bytes|not enough bytes|larger than/i, 'has another size than its ZIP states'],
  [/encrypt/i, 'is encrypted as a ZIP entry'],
  [/unsupported compression method/i, 'is packed by a method other than stored and deflated'],
]

/** Otherwise: the bytes themselves are no deflated data (zlib), or the table names none. */
const unknownFault = 'has bytes that cannot be unpacked'

/**
 * A library's objection to a part ('' for the package itself) as a Refusal; an error of the system, such as a full disk,
 * unchanged, because it is not the package's fault.
 */
export function zipFault(part: string, error: unknown): unknown {
  if (!(error instanceof Error) || 'syscall' in error) return error
  const found = faults.find(([pattern]) => pattern.test(error.message))
  return damaged(part, found?.[1] ?? unknownFault)
}
