import { fine, type Result } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { withProperties } from './properties.ts'
import { standingService } from './standing-service.ts'

/** C-2: omitted fields keep their values. */
export function updateService(
  state: FabricState,
  command: CommandOf<'updateService'>,
  { subscriptionId, now }: Request,
): Result<Accepted> {
  const found = standingService(state, subscriptionId, command.service)
  if (!found.ok) return found
  const { label, description, reverseDnsFqdn } = command
  const properties = withProperties('service', found.value.extendedProperties, command.extendedProperties)
  if (!properties.ok) return properties
  const record = {
    ...found.value,
    ...(label !== undefined && { label }),
    ...(description !== undefined && { description }),
    ...(reverseDnsFqdn !== undefined && { reverseDnsFqdn }),
    extendedProperties: properties.value,
    modifiedAt: now,
  }
  return fine({ changes: [put('service', record.name.toLowerCase(), record)], touched: [], ended: true })
}
