import type { Answer as Found } from '../../../host/contract/report.ts'
import { refused } from '../../../kernel/fault.ts'
import type { LogView, Views } from '../../contract/views.ts'
import type { FabricState } from '../state/state.ts'
import { locateInstance } from '../views/answer.ts'
import type { Next, Refusal, Sight } from './next.ts'
import { refusalOf } from './take-in.ts'

/** How long a host may take: a caller of the API waits for it. */
export const answerLimitMs = 5_000

/** A question about a log goes to the instance's host and is answered with what the host finds; null when there is no such instance. */
export function logQuestion({ state }: Sight, ask: Views['log']['ask'], id: string): Next<LogView | Refusal | null> {
  const place = locateInstance(state, ask)
  if (!place) return { kind: 'say', answer: null }
  const { host, key } = place
  return {
    kind: 'tell',
    notes: [{ kind: 'asked', id }],
    message: { kind: 'ask', host, ask: { id, kind: 'log', key, log: ask.log, offset: ask.offset } },
    goOn: (_, fault) =>
      fault
        ? { kind: 'say', notes: [{ kind: 'questionEnded', id }], answer: refusalOf(fault) }
        : {
            kind: 'hold',
            until: (now) => !isAsked(now, host, id),
            limitMs: answerLimitMs,
            goOn: ({ desk }) => ended(host, ask.instance, id, desk.questions.get(id)),
          },
  }
}

function ended(host: string, instance: string, id: string, found: Found | undefined): Next<LogView | Refusal> {
  const notes = [{ kind: 'questionEnded', id }] as const
  if (found) return { kind: 'say', notes, answer: found }
  const { fault } = refused(
    'ServerBusy',
    `The host ${host} of ${instance} has not answered within ${answerLimitMs / 1000} s. Try again later.`,
  )
  return {
    kind: 'tell',
    notes,
    message: { kind: 'askEnded', host, id },
    goOn: () => ({ kind: 'say', answer: { refused: fault, status: 503 } }),
  }
}

/** A host's answer to a question; perhaps nobody waits for it any more. */
export function hostAnswer({ state }: Sight, host: string, id: string, found: Found): Next<undefined> {
  const end: Next<undefined> = { kind: 'say', answer: undefined }
  if (!isAsked(state, host, id)) return end
  return {
    kind: 'tell',
    notes: [{ kind: 'found', id, found }],
    message: { kind: 'askEnded', host, id },
    goOn: () => end,
  }
}

function isAsked({ observed }: FabricState, host: string, id: string): boolean {
  return observed.asks.get(host)?.some((ask) => ask.id === id) ?? false
}
