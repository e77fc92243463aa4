import type { Decision } from '../../../kernel/agent.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { HostAction } from '../action.ts'
import { packagesOf } from '../packages-of.ts'
import type { HostState } from '../state.ts'

/** A package is fetched once for all instances of the host, and dropped when none uses it any more. */
export function heldPackage(state: HostState, sha256: string, now: Instant): Decision<HostAction> {
  const held = state.packages.get(sha256)
  if (!held) return { actions: [] }
  const key = `package:${sha256}`
  if (!isUsed(state, sha256))
    return { actions: [{ kind: 'dropPackage', key, sha256, reason: 'no instance of this host uses the package' }] }
  if (held.directory !== undefined) return { actions: [] }
  if (held.trouble && now < held.trouble.retryAt) return { actions: [], wakeAt: held.trouble.retryAt }
  return {
    actions: [{ kind: 'fetchPackage', key, sha256, reason: 'instances of this host need the package' }],
  }
}

/** True when an instance is to run from the package, now or next, or a guest runs from it still or may have to again. */
function isUsed({ goal, containers }: HostState, sha256: string): boolean {
  return (
    goal.instances.some((instance) => packagesOf(instance).includes(sha256)) ||
    [...containers.values()].some(({ record: { served, formerSha256 } }) =>
      [served?.packageSha256, served?.prepare?.packageSha256, formerSha256].includes(sha256),
    )
  )
}
