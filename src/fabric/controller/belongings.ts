import { certificateKey, certificatesOf } from './certificates.ts'
import type { Change } from './change.ts'
import { extensionKey, extensionsOf } from './extensions.ts'
import { drop } from './keep.ts'
import type { FabricState } from './state.ts'

/** A cloud service goes with its certificates and extensions (C-5). */
export function dropService(state: FabricState, key: string): readonly Change[] {
  return [
    drop('service', key),
    ...certificatesOf(state, key).map(({ thumbprint }) => drop('certificate', certificateKey(key, thumbprint))),
    ...extensionsOf(state, key).map(({ id }) => drop('extension', extensionKey(key, id))),
  ]
}
