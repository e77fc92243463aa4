/** Makes values up for any description of a document (src/kernel/document). */

import * as fc from 'fast-check'
import type { Part, Shape, Tag } from '../../src/kernel/document/description.ts'

const tame = fc.constantFrom('a', 'Z', '0', '<', '>', '&', '"', "'", '%', ';', ']', '/', '\\', 'é')

/** Text that comes back as it went: no blanks at its ends, and nothing that XML cannot carry. */
export const tameText = fc
  .tuple(tame, fc.string({ unit: fc.oneof(tame, fc.constant(' ')), maxLength: 6 }), tame)
  .map((parts) => parts.join(''))

/** Characters that a document may stumble over. */
const hostile = [
  'a',
  '<',
  '&',
  '>',
  '"',
  "'",
  '%',
  ']',
  ' ',
  '\n',
  '\r',
  '\t',
  '\u0000',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u2028',
  '\ud800',
  '\udc00',
  '\ufeff',
  '\ufffe',
  '\uffff',
  '\u{1f600}',
  '&amp;',
  ']]>',
  '<!--',
]

/** Text as a crashing program may print it: control characters, halves of surrogate pairs, markup. */
export const hostileText = fc.string({ unit: fc.constantFrom(...hostile), maxLength: 8 })

/** Values of the element, with such text in it. */
export function madeUp<Value>(tag: Tag<Value>, text: fc.Arbitrary<string>): fc.Arbitrary<Value> {
  return madeFrom(tag, text) as fc.Arbitrary<Value>
}

function madeFrom({ inside, absent }: Tag<unknown>, text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const value = insideOf(inside, text)
  // Lists may be absent when read, and are always there to be written.
  return absent && absent() === undefined ? fc.option(value, { nil: undefined }) : value
}

function insideOf(inside: Tag<unknown>['inside'], text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  switch (inside.kind) {
    case 'text':
      return text
    case 'like':
      return fc.constantFrom(...inside.examples)
    case 'list':
      return fc.array(madeFrom(inside.item, text), { maxLength: Math.min(3, inside.most) })
    case 'record':
      return fc.record(Object.fromEntries(valuesOf(inside.shape, text)), { noNullPrototype: true })
    case 'mapped':
      return madeFrom({ ...inside.from, absent: undefined }, text).map((value) => inside.outer(value))
  }
}

function* valuesOf(shape: Shape, text: fc.Arbitrary<string>): Generator<readonly [string, fc.Arbitrary<unknown>]> {
  for (const [key, part] of Object.entries<Part>(shape))
    if (part.kind === 'element') yield [key, madeFrom(part, text)]
    else if (part.kind === 'attribute') {
      const value = insideOf(part.inside, text)
      yield [key, part.isOptional ? fc.option(value, { nil: undefined }) : value]
    } else if (part.kind === 'each') yield [key, fc.array(madeFrom(part.item, text), { maxLength: 3 })]
    else if (part.kind === 'group') yield* valuesOf(part.shape, text)
}
