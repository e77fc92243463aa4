import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { findDeployment } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { blobUrlFault } from './package-url.ts'

/** D-20: package and configuration in force are those of this moment, whatever happens to the deployment while they are written. */
export function getPackage(
  state: FabricState,
  { deployment: reference, containerUrl, overwrite }: CommandOf<'getPackage'>,
  { requestId, subscriptionId }: Request,
): Result<Accepted> {
  const found = findDeployment(state, subscriptionId, reference)
  if (!found.ok) return found
  const deployment = found.value
  const badUrl = blobUrlFault('container', containerUrl, state.facts.blobHosts)
  if (badUrl) return { ok: false, fault: badUrl }
  const version = deployment.versions[deployment.current]
  if (!version)
    return refused(
      'ConflictError',
      `The package of the deployment ${deployment.name} has not been read yet. Try later.`,
    )
  const record = {
    operation: requestId,
    service: deployment.service,
    deploymentName: deployment.name,
    packageSha256: version.packageSha256,
    configurationText: version.configurationText,
    containerUrl,
    overwrite,
  }
  return fine({ changes: [put('packageCopy', requestId, record)], touched: ['pool'], ended: false })
}
