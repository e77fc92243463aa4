import type { Due } from '../due.ts'
import type { FabricState } from '../state/state.ts'
import { giversOf } from './holders.ts'
import { someAreRead, usedPackages } from './used-packages.ts'

/** Packages that no deployment needs and that are not being written back. */
export function unusedPackages(state: FabricState): Due {
  if (someAreRead(state)) return { actions: [] }
  const used = usedPackages(state)
  const reason = 'no deployment uses the package any more'
  const unused = [...state.stored.package.keys()].filter((sha256) => !used.has(sha256))
  return {
    actions: unused.map((sha256) => {
      const at = giversOf(state, sha256)
      return { kind: 'dropPackage', key: `dropPackage ${sha256}`, reason, sha256, ...(at.length > 0 && { at }) }
    }),
  }
}
