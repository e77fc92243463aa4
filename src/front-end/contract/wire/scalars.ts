import { type Instant, isoSeconds } from '../../../kernel/instant.ts'
import { base64OfText, textOfBase64 } from '../base64.ts'
import { fitting, scalar, type Tag } from './tag.ts'

/** Text, trimmed when read. */
export function text(name: string): Tag<string> {
  return scalar(name, String, String)
}

/** Text as it stands, blanks at both ends too: a password. */
export function verbatim(name: string): Tag<string> {
  return { ...text(name), read: (element) => element.text }
}

/** A plain decimal number without sign. */
export function count(name: string): Tag<number> {
  return scalar(name, String, (found) =>
    fitting(name, found, /^\d{1,15}$/.test(found) ? Number(found) : undefined, 'a number'),
  )
}

/** `true` or `false`; read in any case, and as 1 or 0. */
export function flag(name: string): Tag<boolean> {
  return scalar(name, String, (found) => fitting(name, found, parseBoolean(found), 'true or false'))
}

/** A UTC time without fraction. */
export function time(name: string): Tag<Instant> {
  return scalar(name, isoSeconds, (found) => fitting(name, found, parseTime(found), 'a time like 2026-01-01T00:00:41Z'))
}

/** Base64 of UTF-8 on the way, plain text at both ends. */
export function encodedText(name: string): Tag<string> {
  return scalar(name, base64OfText, (found) => fitting(name, found, textOfBase64(found), 'Base64 of UTF-8'))
}

/** One of a few words, read without regard to case; `others` are further spellings of them. */
export function oneOf<const Word extends string>(
  name: string,
  words: readonly Word[],
  others: Readonly<Record<string, Word>> = {},
): Tag<Word> {
  const spelling = (lower: string) => (Object.hasOwn(others, lower) ? others[lower] : undefined)
  return scalar(name, String, (found) => {
    const lower = found.toLowerCase()
    return fitting(
      name,
      found,
      words.find((word) => word.toLowerCase() === lower) ?? spelling(lower),
      words.join(' or '),
    )
  })
}

/** Undefined when it is none. */
export function parseBoolean(found: string): boolean | undefined {
  const lower = found.toLowerCase()
  if (lower === 'true' || lower === '1') return true
  if (lower === 'false' || lower === '0') return false
  return undefined
}

/** A date and time of ISO 8601; without zone it is UTC. Undefined when it is none. */
export function parseTime(found: string): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?)?$/i.exec(found)
  if (!match) return undefined
  const instant = Date.parse(`${match[1]}T${match[2] ?? '00:00:00'}${(match[3] ?? 'Z').toUpperCase()}`)
  return Number.isNaN(instant) ? undefined : instant
}
