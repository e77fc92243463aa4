import { attempt } from '../../../kernel/attempt.ts'
import type { Due } from '../due.ts'
import { packagesOf } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'

/** Packages that no deployment needs and that are not being written back. While one is being read nothing is dropped: it may be the same one. */
export function unusedPackages(state: FabricState): Due {
  const used = new Set([...state.stored.packageCopy.values()].map(({ packageSha256 }) => packageSha256))
  for (const deployment of state.stored.deployment.values()) {
    if (deployment.request || deployment.upgrading) return { actions: [] }
    const found = attempt(() => packagesOf(deployment))
    // When code about a deployment throws, every package in its record counts as used (F-27).
    const mentioned = (sha256: string) => JSON.stringify(deployment).includes(sha256)
    const needed = 'value' in found ? found.value : [...state.stored.package.keys()].filter(mentioned)
    for (const sha256 of needed) used.add(sha256)
  }
  const reason = 'no deployment uses the package any more'
  const unused = [...state.stored.package.keys()].filter((sha256) => !used.has(sha256))
  return { actions: unused.map((sha256) => ({ kind: 'dropPackage', key: `dropPackage ${sha256}`, reason, sha256 })) }
}
