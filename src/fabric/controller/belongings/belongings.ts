import type { Change } from '../state/change.ts'
import { drop } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { certificateKey, certificatesOf } from './certificates.ts'
import { extensionKey, extensionsOf } from './extensions.ts'

/** A cloud service goes with its certificates and extensions (C-5). */
export function dropService(state: FabricState, key: string): readonly Change[] {
  return [
    drop('service', key),
    ...certificatesOf(state, key).map(({ thumbprint }) => drop('certificate', certificateKey(key, thumbprint))),
    ...extensionsOf(state, key).map(({ id }) => drop('extension', extensionKey(key, id))),
  ]
}
