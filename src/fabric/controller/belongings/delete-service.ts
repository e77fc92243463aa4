import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { deploymentsOf, findService } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { deletionFault, supersede } from '../update/lock.ts'
import { dropService } from './belongings.ts'

/** C-5: refused while a slot holds a deployment, unless the deployments are to go with it. */
export function deleteService(
  state: FabricState,
  command: CommandOf<'deleteService'>,
  { requestId, subscriptionId, now }: Request,
): Result<Accepted> {
  const found = findService(state, subscriptionId, command.service)
  if (!found.ok) return found
  const service = found.value
  const key = service.name.toLowerCase()
  const deployments = deploymentsOf(state, key)
  if (deployments.length === 0) return fine({ changes: dropService(state, key), touched: [], ended: true })
  if (!command.withDeployments)
    return refused(
      'ConflictError',
      `The hosted service ${service.name} still has a deployment in ${deployments.map(({ slot }) => slot).join(' and ')}. Delete the deployment first, or delete the service with comp=media.`,
    )
  if (service.deleting)
    return refused(
      'ConflictError',
      `The hosted service ${service.name} is being deleted by the request ${service.deleting}.`,
    )
  const locked = deployments.map((one) => deletionFault(state, one)).find((fault) => fault !== undefined)
  if (locked) return { ok: false, fault: locked }
  return fine({
    changes: [
      put('service', key, { ...service, deleting: requestId, modifiedAt: now }),
      ...deployments.flatMap((deployment) => [
        ...supersede(state, deployment, requestId, now),
        put('deployment', deployment.id, {
          ...deployment,
          wanted: 'Deleted',
          update: undefined,
          waiting: [],
          modifiedAt: now,
        }),
      ]),
    ],
    touched: deployments.map(({ id }) => deploymentSubject(id)),
    ended: false,
  })
}
