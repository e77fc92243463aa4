import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { ServiceConfiguration } from '../../../service-model/configuration.ts'
import { matchConfiguration, validationErrorText } from '../../../service-model/match.ts'
import { readConfiguration } from '../../../service-model/read-configuration.ts'
import type { ServiceModel } from '../../../service-model/service-model.ts'
import { uploadedThumbprints } from '../certificates.ts'
import type { FabricState } from '../state.ts'
import { passedOver, passedOverOf } from '../unsupported.ts'

/**
 * A configuration that fits a service model and the certificates of the cloud service, with the warnings about both; refused as a whole
 * otherwise (U-51, D-13).
 */
export function fittingConfiguration(
  state: FabricState,
  service: string,
  model: ServiceModel,
  text: string,
): Result<{ readonly configuration: ServiceConfiguration; readonly warnings: readonly string[] }> {
  const read = readConfiguration(text)
  if (!read.value) return refused('BadRequest', read.errors.join(' '))
  const match = matchConfiguration(model.definition, read.value, uploadedThumbprints(state, service))
  if (match.errors.length > 0) return refused('BadRequest', validationErrorText(match.errors))
  const warnings = [...match.warnings, ...passedOver(model), ...passedOverOf(read.value)]
  return fine({ configuration: read.value, warnings })
}
