import type { Element, Markup } from '../xml.ts'

/**
 * One element of a document: one description writes it exactly and reads it with tolerance. Records of tags make documents, so writer and reader can
 * never disagree. Characters that XML cannot carry are replaced when it is written (kernel/xml.ts), on every floor.
 */
export interface Tag<Value> {
  readonly kind: 'element'
  readonly name: string
  /** Undefined leaves the element out. */
  write(value: Value, attributes?: Attributes): Markup | undefined
  /** Throws Misfit when the content does not fit. */
  read(element: Element): Value
  /** The value of an absent or nil element. Without it the element is required. */
  readonly absent?: (() => Value) | undefined
  /** Present when it differs from that of the element around it. */
  readonly namespace?: string | undefined
  /** Its parts, for code that walks through a description. */
  readonly inside: Inside
}

/** Any text; one of these values and others like them; a number of items; parts; or another mapped value. */
export type Inside =
  | { readonly kind: 'text' }
  | { readonly kind: 'like'; readonly examples: readonly unknown[] }
  | { readonly kind: 'list'; readonly item: Tag<unknown>; readonly most: number }
  | { readonly kind: 'record'; readonly shape: Shape }
  | { readonly kind: 'mapped'; readonly from: Tag<unknown>; outer(value: unknown): unknown }

export type Attributes = Readonly<Record<string, string>>

/** Parts by the name that their values have in TypeScript; their order is that of the document. */
export type Shape = Readonly<Record<string, Part>>

export type Part = Tag<unknown> | Attribute<unknown> | Each<unknown> | Group<Shape> | Said<never>

/** An attribute of the element. */
export interface Attribute<Value> {
  readonly kind: 'attribute'
  readonly name: string
  /** Undefined leaves it out. */
  format(value: Value): string | undefined
  /** Throws Misfit when the text does not fit. */
  read(text: string, line: number): Value
  /** Whether it may be left out. */
  readonly isOptional: boolean
  readonly inside: Inside
}

/** Elements of one kind among the others, as many as there are. */
export interface Each<Value> {
  readonly kind: 'each'
  readonly item: Tag<Value>
}

/** An element whose parts belong to the same record as those around it. */
export interface Group<S extends Shape> {
  readonly kind: 'group'
  readonly name: string
  readonly shape: S
  /** Whether it is left out when it would be empty. */
  readonly isOptional: boolean
}

/** Content that a reader does not need: it follows from the rest, or is always the same. */
export interface Said<From> {
  readonly kind: 'said'
  /** Of the attribute; an element without it. */
  readonly attribute?: string | undefined
  readonly of: (value: From) => Markup | string | number | boolean | undefined
}
