import type { Command, Slot } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { decodeText } from '../../service-model/text.ts'
import { bytesOfBase64 } from '../contract/base64.ts'
import { refusals } from '../contract/errors.ts'
import { isDeploymentName, isLabel, propertyLimits } from '../contract/names.ts'
import {
  createDeployment as createDeploymentDocument,
  updateDeploymentStatus,
} from '../contract/wire/deployment-requests.ts'
import { bodyOf, type Call, deploymentOf, serviceOf } from './call.ts'
import { propertyChanges } from './properties.ts'

/** D-2. What the package must fulfil is checked by the fabric, which reads it. */
export function createDeployment(call: Call): Result<Command> {
  const read = bodyOf(call, createDeploymentDocument)
  if (!read.ok) return read
  const { name, packageUrl, label, startDeployment, treatWarningsAsError, extensionConfiguration } = read.value
  if (!isDeploymentName(name))
    return refusals.bad('The deployment name is invalid. Use 1 to 260 characters without / \\ ? # %.')
  if (!isLabel(label)) return refusals.badLabel()
  if (!/^https?:\/\/\S+$/i.test(packageUrl))
    return refusals.bad(
      `The package URL "${packageUrl}" is no http or https address. Upload the package to Blob storage.`,
    )
  const extension = [
    extensionConfiguration.allRoles,
    ...extensionConfiguration.namedRoles.map((role) => role.extensions),
  ]
    .flat()
    .at(0)
  if (extension) return refusals.bad(`The extension "${extension.id}" has not been added to the service.`)
  const configuration = decodedConfiguration(read.value.configuration)
  if (!configuration.ok) return configuration
  const properties = propertyChanges(read.value.extendedProperties, propertyLimits.deployment)
  if (!properties.ok) return properties
  return fine({
    kind: 'createDeployment',
    service: serviceOf(call),
    slot: call.params['slot'] as Slot,
    name,
    label,
    packageUrl,
    configuration: configuration.value,
    start: startDeployment,
    treatWarningsAsError,
    extendedProperties: properties.value,
  })
}

/** D-19. `comp=media` is accepted and changes nothing: the package in Blob storage is the user's. */
export function deleteDeployment(call: Call): Result<Command> {
  return fine({ kind: 'deleteDeployment', deployment: deploymentOf(call) })
}

/** D-14. */
export function updateStatus(call: Call): Result<Command> {
  const read = bodyOf(call, updateDeploymentStatus)
  if (!read.ok) return read
  return fine({ kind: 'updateDeploymentStatus', deployment: deploymentOf(call), status: read.value.status })
}

/** D-22, for reboot and reimage. */
export function restart(kind: 'rebootInstance' | 'reimageInstance' | 'rebuildInstance') {
  return (call: Call): Result<Command> =>
    fine({ kind, deployment: deploymentOf(call), instance: call.params['instance'] ?? '' })
}

/** D-22: which drives are made anew must be said, and there is one thing to say. */
export function rebuild(call: Call): Result<Command> {
  const resources = call.query.get('resources')
  if (resources?.toLowerCase() !== 'alllocaldrives')
    return refusals.wrongQuery('resources', resources, ['allLocalDrives'])
  return restart('rebuildInstance')(call)
}

/** The .cscfg in UTF-8 or UTF-16. */
function decodedConfiguration(base64: string): Result<string> {
  const bytes = bytesOfBase64(base64)
  if (!bytes || bytes.length === 0) return refusals.bad('The element Configuration is not Base64 of a .cscfg file.')
  try {
    return fine(decodeText(bytes))
  } catch (error) {
    return refusals.bad(`The element Configuration: ${(error as Error).message}`)
  }
}
