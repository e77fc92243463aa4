import type { Refusal } from '../desk/next.ts'

/** A call of another party over HTTPS, whose certificate says who it is. */
export interface Call {
  /** Common name of its certificate; '' of a stranger. */
  readonly peer: string
  /** Where it is, without its port. */
  readonly address: string
  /** The caller's certificate, PEM. */
  readonly certificate: () => string
  readonly rest: string
  readonly query: URLSearchParams
  readonly body: unknown
  /** The bytes of the body, of a route that takes content. */
  readonly content: AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
}

/** Undefined: nothing to say (204). */
export type Answer = { readonly json: unknown } | { readonly file: string } | Refusal | undefined

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** Its body is no JSON, and is read by `handle`. */
  readonly takesContent?: boolean | undefined
  /** Its answer waits for the store. */
  readonly stores?: true
  allows(peer: string): boolean
  /** True: it may be called without a certificate. */
  readonly forStrangers?: true | undefined
  /** Of the request's body, when it is another than the server's own. */
  readonly bodyLimitBytes?: number | undefined
  handle(call: Call): Promise<Answer>
}
