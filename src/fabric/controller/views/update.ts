import type { Instant } from '../../../kernel/instant.ts'
import type { UpdateView } from '../../contract/views.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { UpdateRecord } from '../state/records/update.ts'
import type { FabricState } from '../state/state.ts'
import { growsAtRest } from '../update/growth-at-rest.ts'
import { progressOf } from '../update/progress.ts'

/** U-34. */
export function updateView(
  state: FabricState,
  deployment: DeploymentRecord,
  update: UpdateRecord,
  now: Instant,
): UpdateView {
  const { kind, mode, domains, role, target, onFailure, held } = update
  return {
    type: mode,
    domainState: update.state,
    domain: Math.min(update.domain, domains - 1),
    kind,
    domains,
    role,
    target,
    onFailure,
    waitsFor: progressOf(state, deployment, update, now).text,
    held,
    ...(growsAtRest(state, deployment, update) && { atRest: true }),
  }
}
