import { record } from './record.ts'
import { text } from './scalars.ts'
import { list, orNil } from './tag.ts'

/** `ExtendedProperties`; in a request a value that is undefined deletes the property. */
export const extendedProperties = list(
  'ExtendedProperties',
  record('ExtendedProperty', { name: text('Name'), value: orNil(text('Value')) }),
)
