import type { AnswerFacts } from '../../role/contract/web-request.ts'
import type { Examined } from './examine.ts'
import type { Exchange, Peer } from './exchange.ts'

/** A request whose site and pool are known. */
export interface Routed extends Examined {
  readonly exchange: Exchange
  readonly site: number
  readonly pool: string
  readonly client: Peer
  readonly local: Peer
  readonly isSecure: boolean
}

/** How a request of a site has ended. */
export interface SiteAnswer extends AnswerFacts {
  readonly status: number
  readonly received: number
  readonly sent: number
}

/** A request on its way to a process. */
export interface Sending {
  /** Nobody waits for the answer any more, or it has been sent. */
  readonly end: () => void
  readonly soFar: () => {
    readonly status: number | undefined
    readonly facts: AnswerFacts
    readonly bodies: { readonly received: number; readonly sent: number }
  }
}
