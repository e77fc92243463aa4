import { attempt } from '../../../kernel/attempt.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { ServiceView } from '../../contract/views.ts'
import { deploymentsOf } from '../state/find.ts'
import type { ServiceRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentView } from './deployment.ts'
import { asideView } from './set-aside.ts'

/** C-3, with its deployments, production first. */
export function serviceView(state: FabricState, service: ServiceRecord, now: Instant): ServiceView {
  const { deleting, subscriptionId: _, ...described } = service
  const deployments = deploymentsOf(state, service.name.toLowerCase())
  return {
    ...described,
    status: deleting ? 'Deleting' : 'Created',
    deployments: deployments.map((deployment) => {
      const view = attempt(() => deploymentView(state, deployment, now))
      return asideView(state, deployment, 'value' in view ? view.value : undefined)
    }),
  }
}
