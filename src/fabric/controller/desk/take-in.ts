import { defectFault } from '../../../kernel/attempt.ts'
import type { Message } from '../message.ts'
import type { Next, Refusal } from './next.ts'

/** The message is committed before the call is answered. */
export function takeIn(message: Message): Next<Refusal | undefined> {
  return { kind: 'tell', message, goOn: (_, threw) => taken(threw) }
}

/** The answer to a message that was taken in, or that threw (F-27). */
export function taken(threw: string | undefined): Next<Refusal | undefined> {
  const answer = threw === undefined ? undefined : { refused: defectFault(threw), status: 500 }
  return { kind: 'say', answer }
}
