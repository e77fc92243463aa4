import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import { reasonsOf } from '../../../service-model/findings/finding.ts'
import { passedOver } from '../../../service-model/findings/passed-over.ts'
import { matchConfiguration, validationErrorText } from '../../../service-model/match.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
import { uploadedThumbprints } from '../belongings/certificates.ts'
import { addressChange } from '../belongings/reserved-addresses.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { PackageRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'
import { unknownRelease } from './unknown-release.ts'

/**
 * A configuration that fits a package, the certificates of the cloud service, and the address that the deployment has, with the
 * warnings about all of them; refused as a whole otherwise (U-51, D-13, V-6).
 */
export function fittingConfiguration(
  state: FabricState,
  deployment: DeploymentRecord,
  { model, warnings: ofPackage = [] }: Pick<PackageRecord, 'model' | 'warnings'>,
  text: string,
): Result<{ readonly configuration: ServiceConfiguration; readonly warnings: readonly string[] }> {
  const read = readConfiguration(text)
  if (!read.value) return refused('BadRequest', read.errors.join(' '))
  const match = matchConfiguration(model.definition, read.value, uploadedThumbprints(state, deployment.service))
  if (match.errors.length > 0) return refused('BadRequest', validationErrorText(match.errors))
  const moved = addressChange(state, deployment, read.value)
  if (moved) return { ok: false, fault: moved }
  const { ownNetworks = false, ownAccounts = false, hasMono } = state.facts
  const apart = { ownNetworks, ownAccounts, hasMono }
  const warnings = [
    ...ofPackage,
    ...read.warnings,
    ...match.warnings,
    ...reasonsOf(passedOver(model, apart)),
    ...unknownRelease(read.value, state.facts),
  ]
  return fine({ configuration: read.value, warnings })
}
