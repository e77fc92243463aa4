import type { Due } from '../decide.ts'
import type { FabricState } from '../state.ts'

/** Packages that no deployment needs. While one is being read nothing is dropped: it may turn out to be the same. */
export function unusedPackages(state: FabricState): Due {
  const used = new Set<string>()
  for (const { request, versions } of state.stored.deployment.values()) {
    if (request) return { actions: [] }
    for (const { packageSha256 } of Object.values(versions)) used.add(packageSha256)
  }
  const reason = 'no deployment uses the package any more'
  const unused = [...state.stored.package.keys()].filter((sha256) => !used.has(sha256))
  return { actions: unused.map((sha256) => ({ kind: 'dropPackage', key: `dropPackage ${sha256}`, reason, sha256 })) }
}
