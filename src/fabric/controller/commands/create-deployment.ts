import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
import { thumbprintsOf, uploadedThumbprints } from '../certificates.ts'
import { extensionFault, installed } from '../extensions.ts'
import { deploymentsOf, findService, sameName } from '../find.ts'
import { put } from '../keep.ts'
import { packageUrlFault } from '../package-url.ts'
import type { FabricState } from '../state.ts'
import { deploymentSubject } from '../subject.ts'
import type { Accepted, CommandOf, Request } from './accepted.ts'
import { withProperties } from './properties.ts'

/** D-2, D-3: what can be checked without the package is checked at once; the deployment is visible from now on (D-5). */
export function createDeployment(
  state: FabricState,
  command: CommandOf<'createDeployment'>,
  { requestId, subscriptionId, freshId, now }: Request,
): Result<Accepted> {
  const { name, slot, label, packageUrl, configuration, treatWarningsAsError } = command
  const found = findService(state, subscriptionId, command.service)
  if (!found.ok) return found
  const service = found.value.name.toLowerCase()
  if (found.value.deleting)
    return refused(
      'ConflictError',
      `The hosted service ${found.value.name} is being deleted by the request ${found.value.deleting}.`,
    )
  const others = deploymentsOf(state, service)
  if (others.some((other) => other.slot === slot))
    return refused('ConflictError', `The specified deployment slot ${slot} is occupied.`)
  if (others.some((other) => sameName(other.name, name)))
    return refused('ConflictError', `The deployment name '${name}' is taken by the deployment in the other slot.`)
  const badUrl = packageUrlFault(packageUrl, state.facts.blobHosts)
  if (badUrl) return { ok: false, fault: badUrl }
  const read = readConfiguration(configuration)
  if (!read.value) return refused('BadRequest', read.errors.join(' '))
  const uploaded = uploadedThumbprints(state, service)
  const absent = thumbprintsOf(read.value).find((thumbprint) => !uploaded.has(thumbprint))
  if (absent !== undefined) return refused('BadRequest', `The certificate with thumbprint ${absent} was not found.`)
  const roles = read.value.roles.map((role) => role.name)
  const badExtension = command.extensions && extensionFault(state, service, command.extensions, roles)
  if (badExtension) return { ok: false, fault: badExtension }
  const record = {
    id: freshId,
    subscriptionId,
    service,
    name,
    slot,
    label,
    request: { packageUrl, configuration, treatWarningsAsError, extensions: installed(command.extensions) },
    versions: {},
    current: 0,
    lastVersion: 0,
    wanted: command.start ? 'Running' : 'Suspended',
    waiting: [{ operation: requestId, until: 'placed' }],
    vip: '',
    faultDomains: [],
    warnings: [],
    extendedProperties: withProperties({}, command.extendedProperties),
    createdAt: now,
    modifiedAt: now,
  } as const
  return fine({ changes: [put('deployment', freshId, record)], touched: [deploymentSubject(freshId)], ended: false })
}
