import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
import { absentCertificate } from '../belongings/certificates.ts'
import { chosenExtensions, installed } from '../belongings/extensions.ts'
import { withProperties } from '../belongings/properties.ts'
import { claimedAddress } from '../belongings/reserved-addresses.ts'
import { standingService } from '../belongings/standing-service.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { packageUrlFault } from '../packages/package-url.ts'
import { deploymentsOf, sameName } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'

/** D-2, D-3: checks that need no package are done at once; the deployment is visible from now on (D-5). */
export function createDeployment(
  state: FabricState,
  command: CommandOf<'createDeployment'>,
  { requestId, subscriptionId, freshId, now }: Request,
): Result<Accepted> {
  const { name, slot, label, packageUrl, configuration, treatWarningsAsError } = command
  const found = standingService(state, subscriptionId, command.service)
  if (!found.ok) return found
  const service = found.value.name.toLowerCase()
  const others = deploymentsOf(state, service)
  if (others.some((other) => other.slot === slot))
    return refused('ConflictError', `The specified deployment slot ${slot} is occupied.`)
  if (others.some((other) => sameName(other.name, name)))
    return refused('ConflictError', `The deployment name '${name}' is taken by the deployment in the other slot.`)
  const badUrl = packageUrlFault(packageUrl, state.facts.blobHosts)
  if (badUrl) return { ok: false, fault: badUrl }
  const read = readConfiguration(configuration)
  if (!read.value) return refused('BadRequest', read.errors.join(' '))
  const absent = absentCertificate(state, service, read.value)
  if (absent) return { ok: false, fault: absent }
  const extensions = chosenExtensions(state, service, command.extensions, read.value.roles)
  if (!extensions.ok) return extensions
  const properties = withProperties('deployment', {}, command.extendedProperties)
  if (!properties.ok) return properties
  const claimed = claimedAddress(state, found.value, read.value)
  if (!claimed.ok) return claimed
  const record = {
    id: freshId,
    subscriptionId,
    service,
    name,
    slot,
    label,
    request: { packageUrl, configuration, treatWarningsAsError, extensions: installed(extensions.value) },
    versions: {},
    current: 0,
    lastVersion: 0,
    wanted: command.start ? 'Running' : 'Suspended',
    waiting: [{ operation: requestId, until: 'placed' }],
    vip: claimed.value,
    faultDomains: [],
    extendedProperties: properties.value,
    createdAt: now,
    modifiedAt: now,
  } as const
  return fine({ changes: [put('deployment', freshId, record)], touched: [deploymentSubject(freshId)], ended: false })
}
