import type { Fault } from '../../../kernel/fault.ts'
import { httpStatusOf } from '../../contract/commands.ts'
import type { Message } from '../message.ts'
import type { Next, Refusal } from './next.ts'

/** The message is committed before the call is answered. */
export function takeIn(message: Message): Next<Refusal | undefined> {
  return { kind: 'tell', message, goOn: (_, fault) => ({ kind: 'say', answer: fault && refusalOf(fault) }) }
}

/** The answer when a message has changed nothing: handling it threw (F-27), or nothing can be stored now. */
export function refusalOf(fault: Fault): Refusal {
  return { refused: fault, status: httpStatusOf(fault.code) }
}
