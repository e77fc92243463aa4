import type { RoleDefinition } from '../definition.ts'
import { readPackaged } from '../diagnostics/packaged-configuration.ts'
import type { Finding } from './finding.ts'

/**
 * Parts of a role's configuration of Diagnostics that are accepted but not carried out, by the code with which the agent reads it (P-13).
 * `bytesOf`: a file below the role root, ignoring case.
 */
export function diagnosticsFindings(
  { name: role }: RoleDefinition,
  bytesOf: (path: string) => Uint8Array | undefined,
): readonly Finding[] {
  const { faults, warnings } = readPackaged(bytesOf)
  return [...faults, ...warnings].map((text) => ({
    role,
    subject: 'plugin',
    name: 'Diagnostics',
    verdict: 'passedOver',
    reason: `Role ${role}: ${text}`,
  }))
}
