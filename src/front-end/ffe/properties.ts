import type { PropertyChanges } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { isPropertyName, propertyValueLimit } from '../contract/names.ts'

/** Extended properties of a request as changes; a value that is absent deletes. A bad or a double name is refused. */
export function propertyChanges(
  properties: readonly { readonly name: string; readonly value?: string | undefined }[],
  most: number,
): Result<PropertyChanges> {
  const changes: Record<string, string | null> = {}
  if (properties.length > most)
    return refusals.bad(`There are ${properties.length} extended properties where ${most} are allowed.`)
  for (const { name, value } of properties) {
    if (!isPropertyName(name))
      return refusals.bad(
        `The extended property name "${name}" is invalid. Use a letter, then up to 63 letters, digits and underscores.`,
      )
    if (Object.hasOwn(changes, name)) return refusals.bad(`The extended property ${name} is given twice.`)
    if (value !== undefined && value.length > propertyValueLimit)
      return refusals.bad(
        `The value of the extended property ${name} has ${value.length} characters where ${propertyValueLimit} are allowed.`,
      )
    changes[name] = value ?? null
  }
  return fine(changes)
}
