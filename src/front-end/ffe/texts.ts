import { refusals } from '../contract/errors.ts'
import { descriptionLimit, isLabel } from '../contract/names.ts'

/** Why a label or description cannot be; undefined when both can, or are not given. */
export function textFault(label: string | undefined, description: string | undefined) {
  if (label !== undefined && !isLabel(label)) return refusals.badLabel()
  if (description !== undefined && description.length > descriptionLimit)
    return refusals.bad(
      `The description has ${description.length} characters where ${descriptionLimit} are allowed. Shorten it.`,
    )
  return undefined
}
