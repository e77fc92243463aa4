import type { Element } from '../../kernel/xml.ts'
import { brief } from './bounds.ts'
import { fault, type Notes } from './notes.ts'

/** A required attribute that must not be empty; '' when it is missing, which is then a fault. */
export function text(notes: Notes, element: Element, name: string): string {
  const value = element.attributes[name] ?? ''
  if (value === '') fault(notes, element, `${element.local} needs the attribute ${name}.`)
  return value
}

/** A required attribute that may be empty. */
export function textOrEmpty(notes: Notes, element: Element, name: string): string {
  if (element.attributes[name] === undefined) fault(notes, element, `${element.local} needs the attribute ${name}.`)
  return element.attributes[name] ?? ''
}

interface Bounds {
  readonly min: number
  readonly max: number
}

/** A whole number in XML Schema: ASCII digits, a sign, white space around them; NaN when it is not one. */
export function wholeNumber(value: string): number {
  // Adding 0 makes 0 of -0.
  return /^[ \t\r\n]*[+-]?\d+[ \t\r\n]*$/.test(value) ? Number(value) + 0 : Number.NaN
}

/** A whole number within bounds; `fallback` when the attribute is absent, a fault when there is none. */
export function integer(notes: Notes, element: Element, name: string, { min, max }: Bounds, fallback?: number): number {
  const value = element.attributes[name]
  if (value === undefined && fallback !== undefined) return fallback
  const number = wholeNumber(value ?? '')
  if (number >= min && number <= max) return number
  fault(
    notes,
    element,
    `${name} of ${element.local} is a whole number from ${min} to ${max}; found "${brief(value ?? '')}".`,
  )
  return min
}

/** One of a closed list of words; `fallback` when absent, a fault without one. */
export function choice<Word extends string>(
  notes: Notes,
  element: Element,
  name: string,
  words: readonly [Word, ...Word[]],
  fallback?: Word,
): Word {
  const value = element.attributes[name]
  if (value === undefined && fallback !== undefined) return fallback
  const word = words.find((candidate) => candidate === value)
  if (word === undefined)
    fault(notes, element, `${name} of ${element.local} is one of ${words.join(', ')}; found "${brief(value ?? '')}".`)
  return word ?? words[0]
}

/** `true`, `false`, `1` or `0`; `fallback` when absent, a fault when there is none. */
export function flag(notes: Notes, element: Element, name: string, fallback?: boolean): boolean {
  const word = choice(
    notes,
    element,
    name,
    ['true', 'false', '1', '0'],
    fallback === undefined ? undefined : fallback ? 'true' : 'false',
  )
  return word === 'true' || word === '1'
}
