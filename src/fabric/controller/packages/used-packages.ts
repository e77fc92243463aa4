import { attempt } from '../../../kernel/attempt.ts'
import { packagesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'

/** Packages that a deployment needs, or that are being written back. */
export function usedPackages({ stored }: FabricState): ReadonlySet<string> {
  const used = new Set([...stored.packageCopy.values()].map(({ packageSha256 }) => packageSha256))
  for (const deployment of stored.deployment.values()) {
    const found = attempt(() => packagesOf(deployment))
    // When code about a deployment throws, every package in its record counts as used (F-27).
    const mentioned = (sha256: string) => JSON.stringify(deployment).includes(sha256)
    const needed = 'value' in found ? found.value : [...stored.package.keys()].filter(mentioned)
    for (const sha256 of needed) used.add(sha256)
  }
  return used
}

/** While a package is being read nothing is dropped: it may be the same one. */
export function someAreRead({ stored }: FabricState): boolean {
  return stored.deployment.some(({ request, upgrading }: DeploymentRecord) => Boolean(request || upgrading))
}
