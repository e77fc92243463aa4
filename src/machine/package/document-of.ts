import { longestDocument } from '../../service-model/document/bounds.ts'
import { beginningOf } from './beginning-of.ts'
import type { RoleFile } from './unpack-role.ts'

/** More bytes than any readable document has, in every encoding. */
const documentBytes = 4 * longestDocument + 4

/** The bytes of an XML document among a role's files; of a longer one, enough for its reader to report that. The package is still open. */
export function documentOf(file: RoleFile): Promise<Buffer> {
  return beginningOf(file, documentBytes)
}
