import type { Due } from '../due.ts'
import { packagesOf } from '../find.ts'
import type { FabricState } from '../state.ts'

/** Packages that no deployment needs and that are not being written back. While one is being read nothing is dropped: it may turn out to be the same. */
export function unusedPackages(state: FabricState): Due {
  const used = new Set([...state.stored.packageCopy.values()].map(({ packageSha256 }) => packageSha256))
  for (const deployment of state.stored.deployment.values()) {
    if (deployment.request || deployment.upgrading) return { actions: [] }
    for (const sha256 of packagesOf(deployment)) used.add(sha256)
  }
  const reason = 'no deployment uses the package any more'
  const unused = [...state.stored.package.keys()].filter((sha256) => !used.has(sha256))
  return { actions: unused.map((sha256) => ({ kind: 'dropPackage', key: `dropPackage ${sha256}`, reason, sha256 })) }
}
