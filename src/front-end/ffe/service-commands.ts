import type { Command } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { isServiceName } from '../contract/names.ts'
import { createHostedService, updateHostedService } from '../contract/wire/hosted-service-requests.ts'
import { bodyOf, type Call, serviceOf } from './call.ts'
import { known } from './known-elements.ts'
import { knownLocation, type Place } from './place.ts'
import { propertyChanges } from './properties.ts'

/** C-1. */
export function createService(call: Call, place: Place): Result<Command> {
  const read = bodyOf(call, createHostedService)
  if (!read.ok) return read
  const { serviceName, label, description, location, affinityGroup } = read.value
  if (!isServiceName(serviceName)) return refusals.badServiceName()
  if (!location === !affinityGroup) return refusals.bad('Give exactly one of Location and AffinityGroup.')
  const there = location ? knownLocation(place, location) : fine(undefined)
  if (!there.ok) return there
  const properties = propertyChanges(call, read.value.extendedProperties)
  if (!properties.ok) return properties
  return fine({
    kind: 'createService',
    service: serviceName,
    label,
    description: description || undefined,
    ...(affinityGroup ? { affinityGroup } : { location: there.value }),
    reverseDnsFqdn: known(call, 'reverseDnsFqdn', read.value.reverseDnsFqdn, undefined) || undefined,
    extendedProperties: properties.value,
  })
}

/** C-2. */
export function updateService(call: Call): Result<Command> {
  const read = bodyOf(call, updateHostedService)
  if (!read.ok) return read
  const { label, description } = read.value
  const reverseDnsFqdn = known(call, 'reverseDnsFqdn', read.value.reverseDnsFqdn, undefined)
  if (label === undefined && description === undefined && reverseDnsFqdn === undefined)
    return refusals.bad('Give at least one of Label, Description and ReverseDnsFqdn.')
  const properties = propertyChanges(call, read.value.extendedProperties)
  if (!properties.ok) return properties
  return fine({
    kind: 'updateService',
    service: serviceOf(call),
    label,
    description,
    reverseDnsFqdn,
    extendedProperties: properties.value,
  })
}

/** C-5. */
export function deleteService(call: Call): Result<Command> {
  return fine({
    kind: 'deleteService',
    service: serviceOf(call),
    withDeployments: call.operation === 'DeleteHostedServiceAndDeployments',
  })
}
