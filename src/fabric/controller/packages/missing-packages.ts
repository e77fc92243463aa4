import { packagesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { ownMachine } from './candidates.ts'
import { giversOf, isHere } from './holders.ts'

/** A sentence about each package of the deployment that its hosts cannot get now. */
export function missingPackages(state: FabricState, deployment: DeploymentRecord): readonly string[] {
  if (ownMachine(state) === undefined) return []
  return [...packagesOf(deployment)].filter((sha256) => !isHere(state, sha256)).map((sha256) => missing(state, sha256))
}

/** Why the master cannot give a package that it does not have, and what to do. */
export function missing(state: FabricState, sha256: string): string {
  const machine = ownMachine(state)
  const givers = giversOf(state, sha256).map(({ name }) => name)
  const trouble = state.observed.packageTroubles.get(sha256)?.words
  if (givers.length > 0)
    return `The package ${sha256} is not on ${machine}, the master: it is being got from ${givers.join(' or ')}. ${trouble ?? ''}`.trim()
  const former = (state.stored.package.get(sha256)?.holders ?? []).join(', ') || 'no machine'
  return `The package ${sha256} is not on ${machine}, the master, and no machine that is heard has it (known to have it: ${former}). What runs goes on; what would have to be unpacked anew waits. Bring such a machine back, or upgrade with the same package again.`
}
