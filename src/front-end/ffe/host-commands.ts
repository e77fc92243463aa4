import type { Command } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import type { Call } from './call.ts'

/** Requests about a host that need only its name (section 16). */
export function ofHost(kind: 'drainHost' | 'endDrain' | 'clearHost'): (call: Call) => Result<Command> {
  return ({ params }) => fine({ kind, host: params['host'] ?? '' })
}
