import type { CommandEnvelope, CommandReply } from '../../contract/commands.ts'
import type { Next } from './next.ts'

/** A command of the front end is answered once its result is committed. */
export function command(envelope: CommandEnvelope, freshId: string): Next<CommandReply> {
  const { requestId } = envelope
  return {
    kind: 'tell',
    message: { kind: 'command', envelope, freshId },
    goOn({ state: { stored, observed } }, fault) {
      if (fault) return { kind: 'say', answer: { refused: fault } }
      const accepted = stored.operation.get(requestId)
      if (accepted) return { kind: 'say', answer: { accepted } }
      const refused = observed.refusals.get(requestId)
      if (refused) return { kind: 'say', answer: { refused } }
      throw new Error(`the command ${requestId} was neither accepted nor refused`)
    },
  }
}
