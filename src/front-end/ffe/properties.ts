import type { PropertyChanges } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { isPropertyName } from '../contract/names.ts'
import type { Call } from './call.ts'
import { known } from './known-elements.ts'

/**
 * Extended properties of a request as changes; a value that is absent deletes. A bad or a double name is refused; the fabric decides how many
 * there may be.
 */
export function propertyChanges(
  call: Call,
  properties: readonly { readonly name: string; readonly value?: string | undefined }[],
): Result<PropertyChanges> {
  const changes: Record<string, string | null> = {}
  for (const { name, value } of known(call, 'extendedProperties', properties, [])) {
    if (!isPropertyName(name))
      return refusals.bad(
        `The extended property name "${name}" is invalid. Use a letter, then up to 63 letters, digits and underscores.`,
      )
    if (Object.hasOwn(changes, name)) return refusals.bad(`The extended property ${name} is given twice.`)
    changes[name] = value ?? null
  }
  return fine(changes)
}
