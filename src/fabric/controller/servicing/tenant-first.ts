import type { Instant } from '../../../kernel/instant.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { progressOf } from '../update/progress.ts'
import { domainWords } from '../update/words.ts'

/** What the platform waits for before it takes another domain down: the tenant's accepted update, until it has ended (U-55). */
export function tenantFirst(
  state: FabricState,
  deployment: DeploymentRecord,
  now: Instant,
): { readonly kind: 'wait'; readonly text: string } | undefined {
  const { name, update, upgrading } = deployment
  if (update) {
    const text = update.held
      ? `${domainWords(update)}: held until its owner rolls it back or upgrades again`
      : progressOf(state, deployment, update, now).text
    return { kind: 'wait', text: `waits for the end of an update of ${name}: ${text}` }
  }
  return upgrading && { kind: 'wait', text: `waits for an upgrade of ${name} whose package is being read` }
}
