import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { firstVersion } from '../contract/operations.ts'

/** The version that a request states: any date from the first version on, later ones than are known included. */
export function checkVersion(header: string | undefined): Result<string> {
  const version = header?.trim()
  return version !== undefined && isDate(version) && version >= firstVersion
    ? fine(version)
    : refusals.noVersion(header)
}

/** `YYYY-MM-DD` of a day that there is: Date takes the 30th of February for the 2nd of March. */
function isDate(text: string): boolean {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : undefined
  return day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}
