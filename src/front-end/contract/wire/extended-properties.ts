import { record } from '../../../kernel/document/record.ts'
import { list, orNil } from '../../../kernel/document/tag.ts'
import { propertyLimit, propertyValueLimit } from '../names.ts'
import { given } from './given.ts'

/** `ExtendedProperties`; in a request a value that is undefined deletes the property. */
export const extendedProperties = list(
  'ExtendedProperties',
  record('ExtendedProperty', { name: given('Name'), value: orNil(given('Value', propertyValueLimit)) }),
  propertyLimit,
)
