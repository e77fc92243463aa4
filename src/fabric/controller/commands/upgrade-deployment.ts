import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
import { extensionFault } from '../extensions.ts'
import { versionOf } from '../find.ts'
import { put } from '../keep.ts'
import { packageUrlFault } from '../package-url.ts'
import type { FabricState } from '../state.ts'
import { deploymentSubject } from '../subject.ts'
import { unknownRole } from '../update/precondition.ts'
import type { Accepted, CommandOf, Request } from './accepted.ts'
import { findChangeable } from './changeable.ts'

/** U-19 to U-25, D-15: what needs the package is checked once it was read, and nothing is touched before (E-1). */
export function upgradeDeployment(
  state: FabricState,
  command: CommandOf<'upgradeDeployment'>,
  { requestId, subscriptionId, now }: Request,
): Result<Accepted> {
  const { packageUrl, configuration, label, mode, role, force, extendedProperties, onFailure, extensions } = command
  const found = findChangeable(state, subscriptionId, command.deployment)
  if (!found.ok) return found
  const deployment = found.value
  const badUrl = packageUrlFault(packageUrl, state.facts.blobHosts)
  if (badUrl) return { ok: false, fault: badUrl }
  const read = readConfiguration(configuration)
  if (!read.value) return refused('BadRequest', read.errors.join(' '))
  const { model } = versionOf(state, deployment, deployment.current).package
  const isKnown = role === undefined || model.definition.roles.some(({ name }) => name === role)
  if (!isKnown && state.facts.policy === 'sameModel') return unknownRole(role, model)
  const roles = read.value.roles.map(({ name }) => name)
  const badExtension = extensions && extensionFault(state, deployment.service, extensions, roles)
  if (badExtension) return { ok: false, fault: badExtension }
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
    extensions,
  }
  const waiting = [...deployment.waiting, { operation: requestId, until: 'fetched' }] as const
  return fine({
    changes: [put('deployment', deployment.id, { ...deployment, upgrading, waiting, modifiedAt: now })],
    touched: [deploymentSubject(deployment.id)],
    ended: false,
  })
}
