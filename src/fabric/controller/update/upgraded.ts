import type { Result } from '../../../kernel/fault.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { StoredPackage } from '../../package-store/package-store.ts'
import { installed } from '../belongings/extensions.ts'
import { withProperties } from '../belongings/properties.ts'
import { spelledAs, versionOf } from '../state/find.ts'
import type { DeploymentRecord, UpgradeRequest } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { type Begun, begin } from './begin.ts'
import { fittingConfiguration } from './fitting.ts'
import { modelFault } from './precondition.ts'
import { upgradedVersion } from './version.ts'

/**
 * The deployment with the upgrade before its first domain, or the precondition that fails; made against the latest version (U-2 to U-6, U-18, U-38).
 */
export function upgraded(
  state: FabricState,
  deployment: DeploymentRecord,
  asked: UpgradeRequest,
  fetched: StoredPackage,
  now: Instant,
): Result<Begun> {
  const { sha256, model } = fetched
  const { force, mode, onFailure, label, configuration: configurationText } = asked
  const role = asked.role === undefined ? undefined : spelledAs(model.definition.roles, asked.role)
  const current = versionOf(state, deployment, deployment.current)
  const otherModel = modelFault(current.package.model, model, { policy: state.facts.policy, role, force })
  if (otherModel) return { ok: false, fault: otherModel }
  const { definition } = model
  const fitting = fittingConfiguration(state, deployment, fetched, configurationText)
  if (!fitting.ok) return fitting
  const { configuration, warnings } = fitting.value
  const extensions = asked.extensions ? installed(asked.extensions) : current.version.extensions
  const configured = { configuration, configurationText, label, warnings, extensions }
  const number = deployment.lastVersion + 1
  const version = upgradedVersion(current.version, { sha256, definition }, configured, number, role)
  const properties = withProperties('deployment', deployment.extendedProperties, asked.extendedProperties)
  if (!properties.ok) return properties
  const described = { ...deployment, extendedProperties: properties.value }
  const next = { id: asked.operation, kind: 'upgrade', mode, role, onFailure, version, definition } as const
  return begin(state, described, next, now)
}
