import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { validationErrorText } from '../../../service-model/match.ts'
import { chosenExtensions, extensionWarnings, installed } from '../belongings/extensions.ts'
import { withProperties } from '../belongings/properties.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { versionOf } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'
import { begin } from './begin.ts'
import { beginUpdate } from './begin-update.ts'
import { findChangeable } from './changeable.ts'
import { fittingConfiguration } from './fitting.ts'
import { reconfiguredVersion } from './version.ts'

/** D-13, U-46 to U-54: everything is checked at once; counts that grow are placed at once, all or nothing. */
export function changeConfiguration(
  state: FabricState,
  command: CommandOf<'changeConfiguration'>,
  request: Request,
): Result<Accepted> {
  const found = findChangeable(state, request.subscriptionId, command.deployment)
  if (!found.ok) return found
  const former = found.value
  const { version, package: kept } = versionOf(state, former, former.current)
  const { definition } = kept.model
  const fitting = fittingConfiguration(state, former, kept, command.configuration)
  if (!fitting.ok) return fitting
  const { configuration, warnings } = fitting.value
  const chosen = chosenExtensions(state, former.service, command.extensions, definition.roles)
  if (!chosen.ok) return chosen
  const extensions = chosen.value ? installed(chosen.value) : version.extensions
  const unwanted = [...warnings, ...extensionWarnings(extensions)]
  if (command.treatWarningsAsError && unwanted.length > 0)
    return refused('BadRequest', validationErrorText(unwanted, 'Warning'))
  const configured = {
    configuration,
    configurationText: command.configuration,
    label: version.label,
    warnings,
    extensions,
  }
  const next = {
    id: request.requestId,
    kind: 'configuration',
    mode: command.mode,
    onFailure: 'hold',
    version: reconfiguredVersion(version, definition, configured, former.lastVersion + 1),
    definition,
  } as const
  const properties = withProperties('deployment', former.extendedProperties, command.extendedProperties)
  if (!properties.ok) return properties
  const begun = begin(state, { ...former, extendedProperties: properties.value }, next, request.now)
  return begun.ok ? fine(beginUpdate(state, former, begun.value, request)) : begun
}
