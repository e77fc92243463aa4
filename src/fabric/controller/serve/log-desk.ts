import type { Answer as Found } from '../../../host/contract/report.ts'
import { refused } from '../../../kernel/fault.ts'
import type { LogView, Views } from '../../contract/views.ts'
import { locateInstance } from '../views/answer.ts'
import type { Answer } from './route.ts'
import type { Serving } from './serving.ts'

/** Where a question about a log meets the answer of its host. */
export interface LogDesk {
  read(ask: Views['log']['ask'], signal: AbortSignal): Promise<Answer>
  /** The host's answer to an ask; nobody may be waiting for it any more. */
  answered(id: string, found: Found): void
}

/** How long a host is given: a caller of the API waits meanwhile. */
const answerLimitMs = 5_000

export function openLogDesk({ driver, watch, freshId }: Serving): LogDesk {
  const found = new Map<string, Found>()
  const asked = new Set<string>()
  return {
    async read(ask, signal) {
      const place = locateInstance(driver.state(), ask)
      if (!place) return { json: null }
      const { host, key } = place
      const id = freshId()
      asked.add(id)
      await driver.deliver({ kind: 'ask', host, ask: { id, kind: 'log', key, log: ask.log, offset: ask.offset } })
      const isOpen = (one: { readonly id: string }) => one.id === id
      await watch.until(({ observed }) => !observed.asks.get(host)?.some(isOpen), answerLimitMs, signal)
      const answer: LogView | undefined = found.get(id)
      asked.delete(id)
      found.delete(id)
      if (answer) return { json: answer }
      await driver.deliver({ kind: 'askEnded', host, id })
      const { fault } = refused(
        'ServerBusy',
        `The host ${host} of ${ask.instance} has not answered within ${answerLimitMs / 1000} s. Try again later.`,
      )
      return { refused: fault, status: 503 }
    },
    answered(id, answer) {
      if (asked.has(id)) found.set(id, answer)
    },
  }
}
