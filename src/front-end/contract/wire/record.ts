import { type Element, xml } from '../../../kernel/xml.ts'
import { type Attributes, childrenFor, isNil, type Tag, type ValueOf, WireError } from './tag.ts'

/** Tags by the name that their values have in TypeScript; their order is that of the elements. */
type Shape = Readonly<Record<string, Tag<unknown>>>

/** The plain data of a record. What a tag may leave out is an optional property. */
export type RecordOf<S extends Shape> = {
  readonly [Key in keyof S as undefined extends ValueOf<S[Key]> ? never : Key]: ValueOf<S[Key]>
} & {
  readonly [Key in keyof S as undefined extends ValueOf<S[Key]> ? Key : never]?: ValueOf<S[Key]>
}

/** An element with children. Read in any order; of an element that is repeated the last one counts. */
export function record<S extends Shape>(name: string, shape: S, fixed: Attributes = {}): Tag<RecordOf<S>> {
  const entries = Object.entries(shape)
  return {
    name,
    write(value, attributes) {
      const values = value as Readonly<Record<string, unknown>>
      return xml(
        name,
        { ...attributes, ...fixed },
        entries.map(([key, tag]) => tag.write(values[key])),
      )
    },
    read: (element) => Object.fromEntries(entries.map(([key, tag]) => [key, readIn(element, tag)])) as RecordOf<S>,
  }
}

function readIn(parent: Element, tag: Tag<unknown>): unknown {
  const found = childrenFor(parent, tag).at(-1)
  if (found && !isNil(found)) return tag.read(found)
  if (tag.absent) return tag.absent()
  throw new WireError(`The element ${parent.local} has no ${tag.name}. Add it.`)
}
