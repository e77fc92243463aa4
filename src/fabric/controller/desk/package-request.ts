import { refused } from '../../../kernel/fault.ts'
import { isHere } from '../packages/holders.ts'
import { missing } from '../packages/missing-packages.ts'
import { instancesOn, versionOf } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'
import { toPrepare } from '../update/prepare.ts'
import type { Next, Refusal, Sight } from './next.ts'

/** A host may fetch only the packages that are placed on it (design.md 8). Undefined: it may. */
export function packageRequest({ state }: Sight, host: string, sha256: string): Next<Refusal | undefined> {
  if (isPlacedOn(state, host, sha256))
    return { kind: 'say', answer: isHere(state, sha256) ? undefined : away(state, sha256) }
  const { fault } = refused('ForbiddenError', `no role instance on host ${host} has the package ${sha256}`)
  return { kind: 'say', answer: { refused: fault, status: 403 } }
}

/** The host asks again. */
function away(state: FabricState, sha256: string): Refusal {
  return { refused: refused('ServerBusy', missing(state, sha256)).fault, status: 503 }
}

/** Whether an instance on the host runs the package, or is to prepare it. */
function isPlacedOn(state: FabricState, host: string, sha256: string): boolean {
  return instancesOn(state, host).some((instance) => {
    const owner = state.stored.deployment.get(instance.deployment)
    if (!owner) return false
    const runs = versionOf(state, owner, instance.version, instance.role).package.sha256
    return runs === sha256 || toPrepare(owner, instance) === sha256
  })
}
