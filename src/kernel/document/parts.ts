import type { Markup } from '../xml.ts'
import type { Attribute, Each, Group, Said, Shape, Tag } from './description.ts'
import type { Scalar } from './scalars.ts'

/** The plain data of a record. What may be left out is an optional property. */
export type RecordOf<S extends Shape> = Flat<Own<S>> & Inner<S>

type Own<S extends Shape> = {
  readonly [Key in keyof S as S[Key] extends Tag<unknown> | Attribute<unknown> | Each<unknown> ? Key : never]: ValueIn<
    S[Key]
  >
}

type ValueIn<P> = P extends Tag<infer Value> | Attribute<infer Value>
  ? Value
  : P extends Each<infer Value>
    ? readonly Value[]
    : never

type Flat<Values> = {
  readonly [Key in keyof Values as undefined extends Values[Key] ? never : Key]: Values[Key]
} & {
  readonly [Key in keyof Values as undefined extends Values[Key] ? Key : never]?: Values[Key]
}

/** Values of groups, and sources of written text. */
type Inner<S extends Shape> = Together<
  {
    [Key in keyof S]: S[Key] extends Group<infer Deeper>
      ? [RecordOf<Deeper>]
      : S[Key] extends Said<infer From>
        ? [From]
        : never
  }[keyof S]
>

/** All members of a union at once; anything for an empty one. Each is in a tuple, so that it is not split. */
type Together<Each extends [unknown]> = [Each] extends [never]
  ? unknown
  : (Each extends [infer One] ? (one: One) => void : never) extends (all: infer All) => void
    ? All
    : never

/** An attribute with the text that an element would have. */
export function attribute<Value>(scalar: Scalar<Value>): Attribute<Value> {
  const { name, format, parse, inside } = scalar
  return { kind: 'attribute', name, format, read: parse, isOptional: false, inside }
}

/** Left out when undefined; undefined when absent. */
export function optionalAttribute<Value>(scalar: Scalar<Value>): Attribute<Value | undefined> {
  const { name, format, parse, inside } = scalar
  return {
    kind: 'attribute',
    name,
    format: (value) => (value === undefined ? undefined : format(value)),
    read: parse,
    isOptional: true,
    inside,
  }
}

/** As a list, without an element around it. */
export function each<Value>(item: Tag<Value>): Each<Value> {
  return { kind: 'each', item }
}

/** An element whose parts belong to the record around it. */
export function group<const S extends Shape>(name: string, shape: S): Group<S> {
  return { kind: 'group', name, shape, isOptional: false }
}

/** The same, left out when empty. */
export function optionalGroup<const S extends Shape>(name: string, shape: S): Group<S> {
  return { kind: 'group', name, shape, isOptional: true }
}

type Word = string | number | boolean

/** An attribute that is written and never read: always the same, or made from the record. */
export function saidAttribute(name: string, of: Word): Said<unknown>
export function saidAttribute<From>(name: string, of: (value: From) => Word | undefined): Said<From>
export function saidAttribute<From>(name: string, of: Word | ((value: From) => Word | undefined)): Said<From> {
  return { kind: 'said', attribute: name, of: typeof of === 'function' ? of : () => of }
}

/** An element that is written and never read: always the same, or made from the record. */
export function saidElement(of: Markup): Said<unknown>
export function saidElement<From>(of: (value: From) => Markup | undefined): Said<From>
export function saidElement<From>(of: Markup | ((value: From) => Markup | undefined)): Said<From> {
  return { kind: 'said', of: typeof of === 'function' ? of : () => of }
}
