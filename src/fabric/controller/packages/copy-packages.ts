import type { Due } from '../due.ts'
import type { FabricState } from '../state/state.ts'
import { isHere } from './holders.ts'

/** Packages that are requested and not written yet; after a restart of the controller, writing starts again (D-20, O-6). */
export function copyPackages(state: FabricState): Due {
  const reason = 'the package was asked for and has not been written yet'
  const copies = [...state.stored.packageCopy.values()].filter(({ packageSha256 }) => isHere(state, packageSha256))
  return {
    actions: copies.map((copy) => ({ kind: 'copyPackage', key: `copyPackage ${copy.operation}`, reason, copy })),
  }
}
