import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { quotaText } from '../places/quota.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { findGroup } from './affinity-groups.ts'
import { withProperties } from './properties.ts'

/** C-1: the name is unique on the whole server; the subscription's limit counts. */
export function createService(
  state: FabricState,
  command: CommandOf<'createService'>,
  { subscriptionId, now }: Request,
): Result<Accepted> {
  const key = command.service.toLowerCase()
  const subscription = state.stored.subscription.get(subscriptionId)
  if (!subscription) return refused('ResourceNotFound', `The subscription ${subscriptionId} does not exist.`)
  if (state.stored.service.has(key)) return refused('ConflictError', 'The specified DNS name is already taken.')
  const current = state.stored.service.count((service) => service.subscriptionId === subscriptionId)
  if (current >= subscription.maxServices)
    return refused('BadRequest', quotaText('hosted services count', subscription.maxServices, current, 1))
  const { kind: _, service: name, extendedProperties, affinityGroup, ...described } = command
  const group = affinityGroup === undefined ? undefined : findGroup(state, subscriptionId, affinityGroup)
  if (group && !group.ok) return refused('BadRequest', group.fault.message)
  const properties = withProperties('service', {}, extendedProperties)
  if (!properties.ok) return properties
  const record = {
    ...described,
    ...(group && { affinityGroup: group.value.name, location: group.value.location }),
    name,
    subscriptionId,
    extendedProperties: properties.value,
    createdAt: now,
    modifiedAt: now,
  }
  return fine({ changes: [put('service', key, record)], touched: [], ended: true })
}
