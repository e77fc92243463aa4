import { readDefinition } from '../read-definition.ts'
import type { TextPart } from './model-of.ts'
import { Refusal } from './refusal.ts'

/**
 * The refusal of an encrypted package: says what could be read of it and the way out (package-format.md 2.7).
 * @param keyType the manifest's `Encryption@keytype`.
 */
export function encrypted(definition: TextPart, keyType: string): Refusal {
  return new Refusal(
    `The service package is encrypted (key type ${keyType}). Its definition can be read: ${summary(definition)}. ` +
      'Its code and RoleModel cannot: only the private key of the platform that it was made for opens them. ' +
      'Pack it again from source with an SDK of version 1.6 or later, or with reddog pack.',
  )
}

/** The refusal of a 2012-03-15 package whose layouts refer to parts that are not there: names the first file and role (package-format.md 3). */
export function partsAbsent(
  definition: TextPart,
  absent: readonly { readonly role: string; readonly filePath: string; readonly part: string }[],
): Refusal {
  const [first] = absent
  const others = absent.length > 1 ? ` and ${absent.length - 1} other files are without their parts` : ''
  return new Refusal(
    `The service package is incomplete: the file ${first?.filePath} of the role "${first?.role}" refers to the part ` +
      `"${first?.part}", which is absent${others}. Its definition can be read: ${summary(definition)}. ` +
      'Build or upload it again.',
  )
}

function summary({ name, text }: TextPart): string {
  const { value, errors } = readDefinition(text, { file: name, packaged: true, lenient: true })
  if (!value) return `it is invalid, ${errors.join(' ')}`
  return `service "${value.name}", ${value.roles.map((role) => `${role.kind} "${role.name}"`).join(', ')}`
}
