import { type Instant, isoSeconds } from '../instant.ts'
import { xml } from '../xml.ts'
import type { Tag } from './description.ts'
import { Misfit } from './tag.ts'

/** A value in one text: of an attribute, or of an element without other elements in it. */
export interface Scalar<Value> extends Tag<Value> {
  format(value: Value): string
  /** Throws Misfit when the text does not fit. */
  parse(text: string, line: number): Value
}

/**
 * An element whose content is text, trimmed when read; `parse` answers undefined when it is not `wanted`. Examples: values that fit, unless any text
 * does.
 */
export function scalar<Value extends string | number | boolean>(
  name: string,
  format: (value: Value) => string,
  parse: (text: string) => Value | undefined,
  wanted: string,
  examples?: readonly Value[],
): Scalar<Value> {
  const read = (text: string, line: number) => {
    const value = parse(text)
    if (value === undefined)
      throw new Misfit(`The element ${name} holds "${shown(text)}" where ${wanted} is expected.`, line)
    return value
  }
  return {
    kind: 'element',
    name,
    format,
    parse: read,
    write: (value, attributes) => xml(name, attributes, format(value)),
    read: (element) => read(element.text.trim(), element.line),
    inside: examples ? { kind: 'like', examples } : { kind: 'text' },
  }
}

/** Most characters of a refused text that a refusal repeats. */
const shownLimit = 100

function shown(text: string): string {
  return text.length > shownLimit ? `${text.slice(0, shownLimit)}…` : text
}

/** Text, trimmed when read. */
export function text(name: string): Scalar<string> {
  return scalar(name, String, String, 'text')
}

/** Text as it is, with blanks at both ends: a password. */
export function verbatim(name: string): Scalar<string> {
  return { ...text(name), read: (element) => element.text }
}

/** A plain decimal number without sign. */
export function count(name: string): Scalar<number> {
  const parse = (found: string) => (/^\d{1,15}$/.test(found) ? Number(found) : undefined)
  return scalar(name, String, parse, 'a number', [0, 1, 16_001, 999_999_999_999_999])
}

/** `true` or `false`; read in any case, and as 1 or 0. */
export function flag(name: string): Scalar<boolean> {
  return scalar(name, String, parseBoolean, 'true or false', [true, false])
}

/** A UTC time without fraction. */
export function time(name: string): Scalar<Instant> {
  return scalar(name, isoSeconds, parseTime, 'a time like 2026-01-01T00:00:41Z', [0, Date.UTC(2026, 0, 1, 0, 0, 41)])
}

/** One of a few words, read without regard to case; `others` are further spellings of them. */
export function oneOf<const Word extends string>(
  name: string,
  words: readonly Word[],
  others: Readonly<Record<string, Word>> = {},
): Scalar<Word> {
  const spelling = (lower: string) => (Object.hasOwn(others, lower) ? others[lower] : undefined)
  const parse = (found: string) => {
    const lower = found.toLowerCase()
    return words.find((word) => word.toLowerCase() === lower) ?? spelling(lower)
  }
  return scalar<Word>(name, String, parse, words.join(' or '), words)
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
