import type { LocalResource } from './definition.ts'

/** The local resource that every role has, imported plug-in or not (P-11). */
export const diagnosticStore: LocalResource = { name: 'DiagnosticStore', sizeInMB: 4096, cleanOnRoleRecycle: false }
