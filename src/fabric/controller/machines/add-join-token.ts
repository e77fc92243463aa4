import { fine, type Result, refused } from '../../../kernel/fault.ts'
import { longestTokenMs } from '../../contract/machines.ts'
import { isDigits } from '../../contract/read-machines.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { oneMachine } from './find-machine.ts'

/** Most tokens that are known at a time. Origin: choice. */
const mostTokens = 1_000

/** A token by which one machine can join. Only its SHA-256 comes here: its secret is known to who asked for it alone. */
export function addJoinToken(
  state: FabricState,
  { token, controller, validMs }: CommandOf<'addJoinToken'>,
  { now }: Request,
): Result<Accepted> {
  if (!state.facts.cluster) return oneMachine()
  if (!isDigits(token) || !(validMs > 0 && validMs <= longestTokenMs))
    return refused(
      'BadRequest',
      `A token has a SHA-256 of 64 lower-case hexadecimal digits, and is valid for at most ${longestTokenMs / 60_000} minutes.`,
    )
  if (state.stored.joinToken.has(token))
    return refused('ConflictError', 'The token is known already. Make another one.')
  if (state.stored.joinToken.size >= mostTokens)
    return refused('ConflictError', `There are ${mostTokens} tokens already. Each is forgotten a day after its end.`)
  return fine({
    changes: [put('joinToken', token, { validUntil: now + validMs, controller })],
    touched: ['pool'],
    ended: true,
  })
}
