import type { Command } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { isReservedAddressName } from '../contract/names.ts'
import { createReservedAddress } from '../contract/wire/reserved-addresses.ts'
import { bodyOf, type Call } from './call.ts'
import { knownLocation, type Place } from './place.ts'

/** V-2. */
export function reserveAddress(call: Call, place: Place): Result<Command> {
  const read = bodyOf(call, createReservedAddress)
  if (!read.ok) return read
  const { name, label = '', location: asked, ...ofDeployment } = read.value
  if (!isReservedAddressName(name)) return refusals.bad('The reserved IP name is invalid.')
  if (Object.values(ofDeployment).some(Boolean))
    return refusals.bad(
      'The address of a deployment that runs cannot be reserved by this server. Reserve one, and name it in the service configuration of the next deployment.',
    )
  if (!asked) return refusals.bad('The reserved IP has no Location. Name that of the cloud service.')
  const location = knownLocation(place, asked)
  if (!location.ok) return location
  return fine({
    kind: 'reserveAddress',
    reservedAddress: name,
    label: label || undefined,
    location: location.value,
  })
}

/** V-7. */
export function releaseAddress(call: Call): Result<Command> {
  return fine({ kind: 'releaseAddress', reservedAddress: call.params['reserved'] ?? '' })
}
