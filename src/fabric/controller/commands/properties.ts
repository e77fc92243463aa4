import type { PropertyChanges } from '../../contract/commands.ts'

/** Listed properties are added or replaced, null deletes, unlisted ones stay (C-2). */
export function withProperties(
  properties: Readonly<Record<string, string>>,
  changes: PropertyChanges,
): Readonly<Record<string, string>> {
  const merged = Object.entries({ ...properties, ...changes })
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null))
}
