import type { Command, UpdateMode, Upgrade } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { roleInstances } from '../contract/wire/deployment-requests.ts'
import {
  changeConfiguration as changeConfigurationDocument,
  rollbackUpdateOrUpgrade,
  swap as swapDocument,
  upgradeDeployment as upgradeDocument,
  walkUpgradeDomain,
} from '../contract/wire/update-requests.ts'
import { bodyOf, type Call, deploymentOf, serviceOf } from './call.ts'
import { choiceOf } from './extension-choice.ts'
import { configurationGiven, packageUrlGiven } from './given.ts'
import { known } from './known-elements.ts'
import { propertyChanges } from './properties.ts'

/** Versions in which updates of all domains at once came (section 3). */
const simultaneousSince = { upgrade: '2012-12-01', configuration: '2013-03-01' } as const

/** D-13. */
export function changeConfiguration(call: Call): Result<Command> {
  const read = bodyOf(call, changeConfigurationDocument)
  if (!read.ok) return read
  const configuration = configurationGiven(read.value.configuration)
  if (!configuration.ok) return configuration
  const extendedProperties = propertyChanges(call, read.value.extendedProperties)
  if (!extendedProperties.ok) return extendedProperties
  const mode = known(call, 'configurationMode', read.value.mode, 'Auto')
  const tooNew = simultaneousFault(call, mode, 'configuration')
  if (tooNew) return tooNew
  return fine({
    kind: 'changeConfiguration',
    deployment: deploymentOf(call),
    configuration: configuration.value,
    mode,
    treatWarningsAsError: known(call, 'treatWarningsAsError', read.value.treatWarningsAsError, false),
    extendedProperties: extendedProperties.value,
    extensions: choiceOf(call, read.value.extensionConfiguration),
  })
}

/** D-15. */
export function upgradeDeployment(call: Call): Result<Command> {
  const upgrade = upgradeGiven(call)
  return upgrade.ok ? fine({ kind: 'upgradeDeployment', ...upgrade.value }) : upgrade
}

/** The parts of an upgrade, for the upgrade itself and for its plan. The requirements on the package are checked by the fabric, which reads it. */
export function upgradeGiven(call: Call): Result<Upgrade> {
  const read = bodyOf(call, upgradeDocument)
  if (!read.ok) return read
  const { mode, label, roleToUpgrade, onFailure, force, extensionConfiguration } = read.value
  const packageUrl = packageUrlGiven(read.value.packageUrl)
  if (!packageUrl.ok) return packageUrl
  const configuration = configurationGiven(read.value.configuration)
  if (!configuration.ok) return configuration
  const extendedProperties = propertyChanges(call, read.value.extendedProperties)
  if (!extendedProperties.ok) return extendedProperties
  const tooNew = simultaneousFault(call, mode, 'upgrade')
  if (tooNew) return tooNew
  return fine({
    deployment: deploymentOf(call),
    mode,
    packageUrl: packageUrl.value,
    configuration: configuration.value,
    label,
    role: roleToUpgrade || undefined,
    force: known(call, 'force', force, false),
    extendedProperties: extendedProperties.value,
    onFailure,
    extensions: choiceOf(call, extensionConfiguration),
  })
}

/** D-16. */
export function walkDomain(call: Call): Result<Command> {
  const read = bodyOf(call, walkUpgradeDomain)
  if (!read.ok) return read
  return fine({ kind: 'walkUpgradeDomain', deployment: deploymentOf(call), domain: read.value.upgradeDomain })
}

/** D-17. */
export function rollback(call: Call): Result<Command> {
  const read = bodyOf(call, rollbackUpdateOrUpgrade)
  if (!read.ok) return read
  return fine({ kind: 'rollback', deployment: deploymentOf(call), mode: read.value.mode, force: read.value.force })
}

/** D-18. */
export function swap(call: Call): Result<Command> {
  const read = bodyOf(call, swapDocument)
  if (!read.ok) return read
  const { production, sourceDeployment } = read.value
  return fine({ kind: 'swap', service: serviceOf(call), production: production || undefined, source: sourceDeployment })
}

/** D-23. */
export function deleteInstances(call: Call): Result<Command> {
  const read = bodyOf(call, roleInstances)
  if (!read.ok) return read
  if (read.value.length === 0) return refusals.bad('The element RoleInstances has no Name. Name the role instances.')
  return fine({ kind: 'deleteInstances', deployment: deploymentOf(call), instances: read.value })
}

function simultaneousFault({ version }: Call, mode: UpdateMode, kind: keyof typeof simultaneousSince) {
  return mode === 'Simultaneous' && version < simultaneousSince[kind]
    ? refusals.newerThanVersion('The mode Simultaneous', simultaneousSince[kind], version)
    : undefined
}
