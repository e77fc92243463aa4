import { withChanges } from '../../../../service-model/write-configuration.ts'
import { configurationDifferences } from './configuration-differences.ts'
import { changeAt } from './configuration-form.ts'

/**
 * One's own changes of values, made to `opened`, on top of what others have put in force meanwhile. Undefined where they are more than
 * values of the form.
 */
export function rebased(opened: string, edited: string, inForce: string): string | undefined {
  let text = inForce
  for (const difference of configurationDifferences(opened, edited)) {
    if (difference === 'elsewhere' || !('place' in difference)) return undefined
    text = withChanges(text, changeAt(difference.place, difference.after))
  }
  return text
}
