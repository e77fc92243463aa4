import { type HeaderList, valuesOf } from '../rewrite/looking.ts'

/** The facts that distinguish one state of a file from another. */
export interface Validators {
  /** Strong; undefined where `clientCache` wants none. */
  readonly etag: string | undefined
  /** In whole seconds, as in HTTP. */
  readonly modifiedMs: number
}

const msPerSecond = 1_000
const nsPerMs = 1_000_000n

/** From time and size, in the form of IIS: changes within a second are distinguished. */
export function validatorsOf(
  { sizeBytes, modifiedNs }: { readonly sizeBytes: number; readonly modifiedNs: bigint },
  hasEtag: boolean,
): Validators {
  const seconds = Math.floor(Number(modifiedNs / nsPerMs) / msPerSecond)
  const etag = hasEtag ? `"${modifiedNs.toString(16)}${sizeBytes.toString(16)}:0"` : undefined
  return { etag, modifiedMs: seconds * msPerSecond }
}

/** Whether the file is to be sent (200), is what the client has (304), or not what the client expects (412), in the order of RFC 9110, 13.2.2. */
export function preconditions(headers: HeaderList, { etag, modifiedMs }: Validators): 200 | 304 | 412 {
  const match = listed(headers, 'If-Match')
  const noneMatch = listed(headers, 'If-None-Match')
  const unmodifiedSince = dateOf(headers, 'If-Unmodified-Since')
  const modifiedSince = dateOf(headers, 'If-Modified-Since')
  if (match) {
    if (!match.some((tag) => tag === '*' || tag === etag)) return 412
  } else if (unmodifiedSince !== undefined && modifiedMs > unmodifiedSince) return 412
  if (noneMatch) {
    // Weakly: an answer that was sent compressed has a weak tag.
    return noneMatch.some((tag) => tag === '*' || (etag && tag.replace(/^W\//, '') === etag)) ? 304 : 200
  }
  return modifiedSince !== undefined && modifiedMs <= modifiedSince ? 304 : 200
}

/** Whether a range may be sent: the client has the beginning of this file, and no other (RFC 9110, 13.1.5). */
export function isRangeWanted(headers: HeaderList, { etag, modifiedMs }: Validators): boolean {
  const [condition] = valuesOf(headers, 'If-Range')
  return condition === undefined || condition === etag || readDate(condition) === modifiedMs
}

/** Entity tags have no commas here: one of another server that has is none of ours. */
function listed(headers: HeaderList, name: string): readonly string[] | undefined {
  const values = valuesOf(headers, name)
  return values.length === 0 ? undefined : values.flatMap((value) => value.split(',').map((tag) => tag.trim()))
}

function dateOf(headers: HeaderList, name: string): number | undefined {
  const [text] = valuesOf(headers, name)
  return text === undefined ? undefined : readDate(text)
}

/** Undefined for a text that is not a date, which counts as missing. */
function readDate(text: string): number | undefined {
  const at = /^[A-Z][a-z]{2,8}, .{1,30} GMT$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
