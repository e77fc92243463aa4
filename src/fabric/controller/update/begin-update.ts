import type { Accepted, Request } from '../commands/accepted.ts'
import type { Change } from '../state/change.ts'
import { put } from '../state/keep.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import type { Begun } from './begin.ts'
import { ended, overtaken } from './operations.ts'

/** A command that begins an update at once: it replaces the former one (U-35, U-42), and in manual mode it has then succeeded. */
export function beginUpdate(
  state: FabricState,
  former: DeploymentRecord,
  { deployment, places }: Begun,
  { requestId, now }: Request,
): Accepted {
  const { waiting, changes } = ended(state, former, { fault: overtaken(requestId) }, now)
  const isManual = deployment.update.mode === 'Manual'
  const begun = {
    places,
    deployment: {
      ...deployment,
      waiting: isManual ? waiting : [...waiting, { operation: requestId, until: 'updated' } as const],
    },
  }
  const stored: Change = put('deployment', deployment.id, begun.deployment)
  return { changes: [...changes, stored], touched: [deploymentSubject(deployment.id)], ended: isManual, begun }
}
