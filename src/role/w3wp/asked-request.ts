import type { Duplex, Readable } from 'node:stream'
import type { RequestFacts } from '../contract/web-request.ts'
import type { HeaderList } from './rewrite/looking.ts'

/** A request as the listener hands it over. */
export interface AskedRequest {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly facts: RequestFacts
  readonly body: Readable
  readonly signal: AbortSignal
  /** The connection, when the client asks to go on with another protocol. */
  readonly upgrade?: { readonly socket: Duplex; readonly head: Buffer } | undefined
  /** True: a page of the site instead of an answer, not what the client has requested. */
  readonly isPage?: boolean | undefined
}
