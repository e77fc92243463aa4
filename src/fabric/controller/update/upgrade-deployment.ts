import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
import { absentCertificate } from '../belongings/certificates.ts'
import { chosenExtensions } from '../belongings/extensions.ts'
import { withProperties } from '../belongings/properties.ts'
import { addressChange } from '../belongings/reserved-addresses.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { packageUrlFault } from '../packages/package-url.ts'
import { spelledAs, versionOf } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { findChangeable } from './changeable.ts'
import { unknownRole } from './precondition.ts'

/** U-19 to U-25, D-15: checks that need the package are done once it was read; nothing is touched before (E-1). */
export function upgradeDeployment(
  state: FabricState,
  command: CommandOf<'upgradeDeployment'>,
  { requestId, subscriptionId, now }: Request,
): Result<Accepted> {
  const { packageUrl, configuration, label, mode, force, extendedProperties, onFailure } = command
  const found = findChangeable(state, subscriptionId, command.deployment)
  if (!found.ok) return found
  const deployment = found.value
  const badUrl = packageUrlFault(packageUrl, state.facts.blobHosts)
  if (badUrl) return { ok: false, fault: badUrl }
  const read = readConfiguration(configuration)
  if (!read.value) return refused('BadRequest', read.errors.join(' '))
  const absent = absentCertificate(state, deployment.service, read.value)
  if (absent) return { ok: false, fault: absent }
  const moved = addressChange(state, deployment, read.value)
  if (moved) return { ok: false, fault: moved }
  const { model } = versionOf(state, deployment, deployment.current).package
  const role = command.role === undefined ? undefined : spelledAs(model.definition.roles, command.role)
  const isKnown = role === undefined || model.definition.roles.some(({ name }) => name === role)
  if (!isKnown && state.facts.policy === 'sameModel') return unknownRole(role, model)
  const extensions = chosenExtensions(state, deployment.service, command.extensions, read.value.roles)
  if (!extensions.ok) return extensions
  const properties = withProperties('deployment', deployment.extendedProperties, extendedProperties)
  if (!properties.ok) return properties
  const upgrading = {
    operation: requestId,
    packageUrl,
    configuration,
    label,
    mode,
    role,
    force,
    extendedProperties,
    onFailure: onFailure ?? 'hold',
    extensions: extensions.value,
  }
  const waiting = [...deployment.waiting, { operation: requestId, until: 'fetched' }] as const
  return fine({
    changes: [put('deployment', deployment.id, { ...deployment, upgrading, waiting, modifiedAt: now })],
    touched: [deploymentSubject(deployment.id)],
    ended: false,
  })
}
