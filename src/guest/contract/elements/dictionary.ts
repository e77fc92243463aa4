import { attribute } from '../../../kernel/document/parts.ts'
import { record } from '../../../kernel/document/record.ts'
import { text } from '../../../kernel/document/scalars.ts'
import { list, mapped } from '../../../kernel/document/tag.ts'

/** Values by name, each an element with both as attributes. */
export function dictionary(name: string, item: string) {
  return mapped(
    list(name, record(item, { name: attribute(text('name')), value: attribute(text('value')) })),
    (values: Readonly<Record<string, string>>) => Object.entries(values).map(([name, value]) => ({ name, value })),
    (pairs): Readonly<Record<string, string>> => Object.fromEntries(pairs.map(({ name, value }) => [name, value])),
  )
}
