import type { Command } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { joinTokenDocument } from '../contract/wire/reddog.ts'
import { bodyOf, type Call } from './call.ts'

/** Requests about a host that need only its name (section 16). */
export function ofHost(kind: 'drainHost' | 'endDrain' | 'clearHost'): (call: Call) => Result<Command> {
  return ({ params }) => fine({ kind, host: params['host'] ?? '' })
}

/** `force=true` in any case. */
export function removeHost({ params, query }: Call): Result<Command> {
  return fine({ kind: 'removeHost', host: params['host'] ?? '', force: query.get('force')?.toLowerCase() === 'true' })
}

export function addJoinToken(call: Call): Result<Command> {
  const read = bodyOf(call, joinTokenDocument)
  if (!read.ok) return read
  const { hash, controller, validSeconds } = read.value
  return fine({ kind: 'addJoinToken', token: hash, controller, validMs: validSeconds * 1_000 })
}
