import type { Command, Slot } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { isDeploymentName } from '../contract/names.ts'
import {
  createDeployment as createDeploymentDocument,
  updateDeploymentStatus,
} from '../contract/wire/deployment-requests.ts'
import { bodyOf, type Call, deploymentOf, serviceOf } from './call.ts'
import { choiceOf } from './extension-choice.ts'
import { configurationGiven, packageUrlGiven } from './given.ts'
import { known } from './known-elements.ts'
import { propertyChanges } from './properties.ts'

/** D-2. The requirements on the package are checked by the fabric, which reads it. */
export function createDeployment(call: Call): Result<Command> {
  const read = bodyOf(call, createDeploymentDocument)
  if (!read.ok) return read
  const { name, packageUrl, label, startDeployment, treatWarningsAsError, extensionConfiguration } = read.value
  if (!isDeploymentName(name))
    return refusals.bad('The deployment name is invalid. Use 1 to 260 characters without / \\ ? # %.')
  const address = packageUrlGiven(packageUrl)
  if (!address.ok) return address
  const configuration = configurationGiven(read.value.configuration)
  if (!configuration.ok) return configuration
  const properties = propertyChanges(call, read.value.extendedProperties)
  if (!properties.ok) return properties
  return fine({
    kind: 'createDeployment',
    service: serviceOf(call),
    slot: call.params['slot'] as Slot,
    name,
    label,
    packageUrl,
    configuration: configuration.value,
    start: known(call, 'startDeployment', startDeployment, false),
    treatWarningsAsError: known(call, 'treatWarningsAsError', treatWarningsAsError, false),
    extendedProperties: properties.value,
    extensions: choiceOf(call, extensionConfiguration),
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

/** D-22: the drives to be recreated must be named, and only one value is possible. */
export function rebuild(call: Call): Result<Command> {
  const resources = call.query.get('resources')
  if (resources?.toLowerCase() !== 'alllocaldrives')
    return refusals.wrongQuery('resources', resources, ['allLocalDrives'])
  return restart('rebuildInstance')(call)
}
