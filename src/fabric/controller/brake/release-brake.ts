import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import { allSubjects } from '../state/restore.ts'
import type { FabricState } from '../state/state.ts'
import { isBraked } from './brake.ts'
import { withoutBrake } from './end-brake.ts'

/** The operator has looked: healing and rollouts go on, and the hosts that are away now count no more (H-39). */
export function releaseBrake(
  state: FabricState,
  _command: CommandOf<'releaseBrake'>,
  { now }: Request,
): Result<Accepted> {
  if (!isBraked(state))
    return refused(
      'ConflictError',
      'The brake cannot be released: it is not on. Healing and rollouts are not held by it.',
    )
  const excused = [...state.stored.host.values()].flatMap((host) =>
    host.lost ? [put('host', host.name, { ...host, lost: { ...host.lost, excused: true } })] : [],
  )
  return fine({ changes: [...withoutBrake(state, now), ...excused], touched: allSubjects(state), ended: true })
}
