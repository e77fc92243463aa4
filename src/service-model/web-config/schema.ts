/** The value of an attribute. */
export type Scalar = string | number | boolean

/** How one attribute of a section is read; without a fallback it is needed. */
export interface AttributeSchema<Value extends Scalar> {
  /** Undefined when the text is not such a value. */
  readonly read: (text: string) => Value | undefined
  /** The expected values, for a fault: `true or false`. */
  readonly wanted: string
  readonly fallback?: { readonly value: Value }
}

/** The possible content of a section, or of an element inside it: names are exact, and unknown names are faults (I-59). */
export interface SectionSchema {
  readonly attributes: Readonly<Record<string, AttributeSchema<Scalar>>>
  readonly elements: Readonly<Record<string, SectionSchema>>
  readonly collection?: CollectionSchema
  /** A module that exists in many versions: unknown names are skipped with a warning. */
  readonly manyVersions?: boolean
}

/** Items that files add to, remove from and clear (I-47, I-58). */
export interface CollectionSchema {
  /** The element that adds one: `add`, or a word of the section's own such as `mimeMap`. */
  readonly item: string
  readonly schema: SectionSchema
  /** Attributes that identify an item, case ignored; two items with one key are a fault. */
  readonly key: readonly string[]
  /** A lower file's items come before the inherited ones. */
  readonly first: boolean
}

/** A section's effective values, with the defaults where no file sets them. */
export type Effective<S extends SectionSchema> = {
  readonly [Name in keyof S['attributes']]: S['attributes'][Name] extends AttributeSchema<infer Value> ? Value : never
} & {
  readonly [Name in keyof S['elements']]: Effective<S['elements'][Name]>
} & (S extends { readonly collection: { readonly schema: infer Item extends SectionSchema } }
    ? CollectionInForce<Effective<Item>>
    : unknown)

/** A collection as the files have made it, for a caller with items of its own below theirs. */
interface CollectionInForce<Item> {
  readonly items: readonly Item[]
  /** Keys, in lower case, that a file has removed, whether another had added them or not. */
  readonly removed: readonly (readonly string[])[]
  /** A file has cleared all that was there. */
  readonly isCleared: boolean
}

/** `true` or `false`, in any case. */
export function flag(value: boolean): AttributeSchema<boolean> {
  const read = (text: string) => ({ true: true, false: false })[text.trim().toLowerCase()]
  return { read, wanted: 'true or false', fallback: { value } }
}

/** Any text; without a fallback it is needed, and not empty. */
export function text(value?: string): AttributeSchema<string> {
  if (value !== undefined) return { read: (found) => found, wanted: 'a text', fallback: { value } }
  return { read: (found) => found || undefined, wanted: 'a text that is not empty' }
}

/** A whole number within bounds; without a fallback it is needed. */
export function whole(min: number, max: number, value?: number): AttributeSchema<number> {
  const read = (found: string) => {
    const number = /^\s*-?\d{1,15}\s*$/.test(found) ? Number(found) : Number.NaN
    return number >= min && number <= max ? number : undefined
  }
  return { read, wanted: `a whole number from ${min} to ${max}`, ...(value !== undefined && { fallback: { value } }) }
}

/** One of a few words, in any case; without a fallback it is needed. */
export function choice<const Word extends string>(
  words: readonly Word[],
  value?: NoInfer<Word>,
): AttributeSchema<Word> {
  const read = (found: string) => words.find((word) => word.toLowerCase() === found.trim().toLowerCase())
  return { read, wanted: `one of ${words.join(', ')}`, ...(value !== undefined && { fallback: { value } }) }
}

/** `d.hh:mm:ss` or `hh:mm:ss`, in milliseconds. */
export function duration(value: number): AttributeSchema<number> {
  const read = (found: string) => {
    const [, days = '0', hours, minutes, seconds] =
      /^\s*(?:(\d{1,6})\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})\s*$/.exec(found) ?? []
    if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined
    return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  }
  return { read, wanted: 'a time such as 00:02:00 or 1.00:00:00', fallback: { value } }
}

type Attributes = SectionSchema['attributes']
type Elements = SectionSchema['elements']

const none = {} as const

/** A section, or an element of one, without items. */
export function section<const A extends Attributes, const E extends Elements = typeof none>(
  attributes: A,
  elements: E = none as E,
): { readonly attributes: A; readonly elements: E } {
  return { attributes, elements }
}

/** A section with items: `item` and `key` as CollectionSchema has them. */
export function collection<
  const A extends Attributes,
  const Item extends SectionSchema,
  const E extends Elements = typeof none,
>(
  attributes: A,
  items: { readonly item?: string; readonly schema: Item; readonly key: readonly string[]; readonly first?: boolean },
  elements: E = none as E,
): {
  readonly attributes: A
  readonly elements: E
  readonly collection: Omit<CollectionSchema, 'schema'> & { readonly schema: Item }
} {
  const { item = 'add', schema, key, first = false } = items
  return { attributes, elements, collection: { item, schema, key, first } }
}

/** The same for a module of many versions. */
export function manyVersions<const S extends SectionSchema>(schema: S): S & { readonly manyVersions: boolean } {
  return { ...schema, manyVersions: true }
}
