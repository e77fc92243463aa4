import type { Command } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import { isAffinityGroupName } from '../contract/names.ts'
import {
  createAffinityGroup as createDocument,
  updateAffinityGroup as updateDocument,
} from '../contract/wire/affinity-groups.ts'
import { bodyOf, type Call } from './call.ts'
import { knownLocation, type Place } from './place.ts'

/** S-6. */
export function createAffinityGroup(call: Call, place: Place): Result<Command> {
  const read = bodyOf(call, createDocument)
  if (!read.ok) return read
  const { name, label, description } = read.value
  if (!isAffinityGroupName(name)) return refusals.bad('The affinity group name is invalid.')
  const location = knownLocation(place, read.value.location)
  if (!location.ok) return location
  return fine({
    kind: 'createAffinityGroup',
    group: name,
    label,
    description: description || undefined,
    location: location.value,
  })
}

/** S-6. */
export function updateAffinityGroup(call: Call): Result<Command> {
  const read = bodyOf(call, updateDocument)
  if (!read.ok) return read
  const { label, description } = read.value
  return fine({ kind: 'updateAffinityGroup', group: call.params['group'] ?? '', label, description })
}

/** S-6. */
export function deleteAffinityGroup(call: Call): Result<Command> {
  return fine({ kind: 'deleteAffinityGroup', group: call.params['group'] ?? '' })
}
