import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { firstVersion } from '../contract/operations.ts'

/** The version that a request states: any date from the first version on, later ones than are known included. */
export function checkVersion(header: string | undefined): Result<string> {
  const version = header?.trim()
  const isDate = version !== undefined && /^\d{4}-\d\d-\d\d$/.test(version) && !Number.isNaN(Date.parse(version))
  return isDate && version >= firstVersion ? fine(version) : refusals.noVersion(header)
}
