import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { PropertyChanges } from '../../contract/commands.ts'

/** Most extended properties of a cloud service and of a deployment. */
const most = { service: 50, deployment: 25 } as const

type Properties = Readonly<Record<string, string>>

/** Listed properties are added or replaced, null deletes, unlisted ones stay (C-2); refused when there are then too many. */
export function withProperties(
  of: keyof typeof most,
  properties: Properties,
  changes: PropertyChanges,
): Result<Properties> {
  const merged = Object.entries({ ...properties, ...changes })
  const kept = merged.filter((entry): entry is [string, string] => entry[1] !== null)
  return kept.length > most[of]
    ? refused(
        'BadRequest',
        `The ${of} would have ${kept.length} extended properties where ${most[of]} are allowed. Delete some, or send fewer.`,
      )
    : fine(Object.fromEntries(kept))
}
